import type { SpanTimes } from "./own-times.ts";
import type { ShownTree } from "./shown-tree.ts";
import type { TimeWindow } from "./trace-time.ts";

/**
 * Stretches in which no span begins or ends and none without one below it runs: whoever is open only waits, or does
 * what no span tells of. Ascending; `least` microseconds long at least.
 */
export function idleGaps({ order, size }: ShownTree, { start, end }: SpanTimes, least: number): TimeWindow[] {
  const edges = new Float64Array(2 * order.length);
  const leafStarts: number[] = [];
  const leafEnds: number[] = [];
  let count = 0;
  for (const row of order) {
    edges[count++] = start[row] || 0;
    edges[count++] = end[row] || 0;
    if (size[row] !== 1) continue;
    leafStarts.push(start[row] || 0);
    leafEnds.push(end[row] || 0);
  }
  edges.sort();
  const begins = Float64Array.from(leafStarts).sort();
  const ends = Float64Array.from(leafEnds).sort();
  const gaps: TimeWindow[] = [];
  let [begun, ended] = [0, 0];
  for (let at = 0; at + 1 < edges.length; at++) {
    const [from, to] = [edges[at]!, edges[at + 1]!];
    while (begun < begins.length && begins[begun]! <= from) begun++;
    while (ended < ends.length && ends[ended]! <= from) ended++;
    if (begun === ended && to - from >= least) gaps.push({ from, to });
  }
  return gaps;
}
