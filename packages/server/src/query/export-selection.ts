/** Which records to export; all that are stored when nothing is given. */
export interface ExportSelection {
  /** References as `resolveTrace` takes them. */
  readonly traces?: readonly string[];
  /** When a span starts, a log record or a data point was made: from inclusive, to exclusive. */
  readonly fromNs?: bigint;
  readonly toNs?: bigint;
  readonly signal?: AbortSignal;
}

/** An export goes on as long as its reader does. */
export const EXPORT_TIMEOUT_MS = 24 * 3_600_000;

/** A few records at a time from batches of any size. */
export async function* inPieces<Row>(
  batches: AsyncIterable<readonly Row[]>,
  size: number,
): AsyncGenerator<Row[]> {
  let held: Row[] = [];
  for await (const batch of batches) {
    for (const row of batch) {
      held.push(row);
      if (held.length === size) {
        yield held;
        held = [];
      }
    }
  }
  if (held.length > 0) yield held;
}
