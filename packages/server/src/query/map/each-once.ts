import type { OrderedRows } from "./span-places.ts";
import type { SpanColumns } from "./span-table.ts";

/**
 * The rows of each trace by start and id, without those sent twice and what was told of spans that have ended since.
 * `traceOf` has the number of each row's trace, `spanIds` two words for each row.
 */
export function eachOnce(
  { start, durationNs, isRunning }: Pick<SpanColumns, "start" | "durationNs" | "isRunning">,
  spanIds: Uint32Array,
  traceOf: Uint32Array,
  traceCount: number,
): OrderedRows {
  const first = new Uint32Array(traceCount + 1);
  for (const trace of traceOf) first[trace + 1]!++;
  for (let trace = 0; trace < traceCount; trace++) first[trace + 1]! += first[trace]!;
  const next = first.slice();
  const byTrace = new Uint32Array(traceOf.length);
  for (let row = 0; row < traceOf.length; row++) byTrace[next[traceOf[row]!]!++] = row;
  const ids = new DataView(spanIds.buffer);
  const isSame = (a: number, b: number): boolean =>
    start[2 * a] === start[2 * b] &&
    start[2 * a + 1] === start[2 * b + 1] &&
    spanIds[2 * a] === spanIds[2 * b] &&
    spanIds[2 * a + 1] === spanIds[2 * b + 1];
  const compare = (a: number, b: number): number =>
    start[2 * a + 1]! - start[2 * b + 1]! ||
    start[2 * a]! - start[2 * b]! ||
    // As their digits are sorted.
    ids.getUint32(8 * a) - ids.getUint32(8 * b) ||
    ids.getUint32(8 * a + 4) - ids.getUint32(8 * b + 4) ||
    isRunning[a]! - isRunning[b]! ||
    durationNs[a]! - durationNs[b]!;
  const starts = new Uint32Array(traceCount + 1);
  let kept = 0;
  for (let trace = 0; trace < traceCount; trace++) {
    const rows = byTrace.subarray(first[trace]!, first[trace + 1]!).sort(compare);
    let last = -1;
    for (const row of rows) {
      const isAgain = last >= 0 && isSame(last, row);
      if (isAgain && (isRunning[row] === 1 || durationNs[last] === durationNs[row])) continue;
      // Never before the row that is read next.
      byTrace[kept++] = row;
      last = row;
    }
    starts[trace + 1] = kept;
  }
  return { rows: byTrace.subarray(0, kept), starts };
}
