import type { TraceItem } from "@clew/protocol/api/trace-item";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((count) => count * MINUTE),
];
const BARS = 60;

/**
 * The time in which the traces of a page begin, to whole steps of at least this length: while new ones come it changes
 * no more often.
 */
export function timeOfPage(
  items: readonly Pick<TraceItem, "startMs">[],
  leastMs: number,
): { readonly from: number; readonly to: number } | undefined {
  if (items.length === 0) return undefined;
  const starts = items.map(({ startMs }) => startMs);
  const [first, last] = [Math.min(...starts), Math.max(...starts)];
  const fits = (step: number): boolean => step >= leastMs && (last - first) / step <= BARS;
  const step = STEPS_MS.find(fits) ?? (last - first) / BARS;
  return { from: Math.floor(first / step) * step, to: (Math.floor(last / step) + 1) * step };
}
