import { SPAN_FLAG } from "../api/trace-columns.ts";
import type { ClockSkew, SpanRows, SpanTree, TraceClock } from "./analysis.ts";
import { CLOCK_TOLERANCE_US, clockOffsets } from "./clock-offsets.ts";
import { crossesBorder } from "./span-role.ts";

/** Times as they were sent: what is no number is 0, what ends before it starts has no length. */
export function sentClock(trace: SpanRows): TraceClock {
  const start = new Float64Array(trace.n);
  const end = new Float64Array(trace.n);
  for (let row = 0; row < trace.n; row++) {
    start[row] = finite(trace.start[row]);
    end[row] = start[row]! + Math.max(0, finite(trace.dur[row]));
  }
  return closed(trace, start, end, []);
}

/**
 * Moves the spans of services whose clocks differ, each as far as all calls of it agree on; where they do not, as
 * several machines under one name would have it, each visit by itself:
 *
 *     as sent                          corrected: B was 30 ms behind
 *     A  ├──────────────────┤          A  ├──────────────────┤
 *     B ├───────────┤                  B     ├───────────┤
 */
export function correctedClock(trace: SpanRows, tree: SpanTree, sent: TraceClock): TraceClock {
  const offsets = clockOffsets(trace, tree, sent);
  if (offsets === undefined) return sent;
  const shift = new Float64Array(trace.n);
  const moved = new Map<number, { most: number; spans: number }>();
  for (let at = 0; at < tree.n; at++) {
    const row = tree.order[at]!;
    const service = trace.service[row] ?? 0;
    const parent = tree.parent[row]!;
    const isVisit = parent < 0 || crossesBorder(trace, parent, row);
    let by = isVisit ? (offsets.get(service) ?? 0) : shift[parent]!;
    if (isVisit && parent >= 0) {
      const early = sent.start[row]! - by - (sent.start[parent]! - shift[parent]!);
      if (early < -CLOCK_TOLERANCE_US) by += early;
    }
    shift[row] = by;
    if (by === 0) continue;
    const known = moved.get(service) ?? { most: 0, spans: 0 };
    if (Math.abs(by) > Math.abs(known.most)) known.most = by;
    known.spans++;
    moved.set(service, known);
  }
  const skews = [...moved].map(
    ([service, { most, spans }]): ClockSkew => ({ service, aheadUs: most, spans }),
  );
  const start = sent.start.slice();
  const end = sent.end.slice();
  for (let row = 0; row < trace.n; row++) {
    start[row]! -= shift[row]!;
    end[row]! -= shift[row]!;
  }
  return closed(trace, start, end, skews);
}

/** Spans that are running go on to the end of the trace as far as it is known. Writes into `end`. */
function closed(
  trace: SpanRows,
  start: Float64Array,
  end: Float64Array,
  skews: readonly ClockSkew[],
): TraceClock {
  const isRunning = (row: number): boolean => ((trace.flags[row] ?? 0) & SPAN_FLAG.running) !== 0;
  let running = 0;
  let fromUs = Number.POSITIVE_INFINITY;
  let toUs = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < trace.n; row++) {
    const isOpen = isRunning(row);
    const until = isOpen ? start[row]! : end[row]!;
    if (isOpen) running++;
    if (start[row]! < fromUs) fromUs = start[row]!;
    if (until > toUs) toUs = until;
  }
  if (trace.n === 0) return { start, end, fromUs: 0, toUs: 0, skews };
  for (let row = 0; running > 0 && row < trace.n; row++) if (isRunning(row)) end[row] = toUs;
  return { start, end, fromUs, toUs, skews };
}

function finite(value: number | undefined): number {
  return Number.isFinite(value) ? (value as number) : 0;
}
