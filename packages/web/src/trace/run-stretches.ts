import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { TimeScale } from "./time-scale.ts";

/**
 * Where any of the spans runs, in units of which the width has so many: what begins or ends in the same unit is one
 * stretch. Spans come by their start; stretches come from left to right and do not touch.
 */
export function runStretches(
  trace: TraceColumns,
  spans: readonly number[],
  scale: TimeScale,
  units: number,
): (readonly [from: number, to: number])[] {
  const stretches: [number, number][] = [];
  for (const span of spans) {
    const start = trace.start[span] ?? 0;
    const part = scale.part(start, start + Math.max(0, trace.dur[span] ?? 0));
    if (part === undefined) continue;
    const from = Math.floor(part.left * units);
    const to = Math.max(from + 2, Math.ceil((part.left + part.width) * units) - 1);
    const last = stretches.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else stretches.push([from, to]);
  }
  return stretches;
}

/** How long spans took: the shortest, the longest, and how many there are in equal steps between them; microseconds. */
export function lengthSpread(trace: TraceColumns, spans: readonly number[], steps = 0) {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const span of spans) {
    const length = Math.max(0, trace.dur[span] ?? 0);
    least = Math.min(least, length);
    most = Math.max(most, length);
  }
  const counts = new Array<number>(steps).fill(0);
  if (steps > 0) {
    for (const span of spans) {
      const share = most > least ? (Math.max(0, trace.dur[span] ?? 0) - least) / (most - least) : 0;
      counts[Math.min(steps - 1, Math.floor(share * steps))]!++;
    }
  }
  return { least: Math.min(least, most), most, counts };
}
