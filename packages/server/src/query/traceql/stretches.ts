import type { Store } from "../../store/store.ts";
import { statement } from "../sql.ts";
import type { SearchBudget } from "./search-budget.ts";

/** A stretch of time in whole minutes, epoch seconds: from inclusive, to exclusive. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Nothing older is asked for, or stored. */
  readonly isLast: boolean;
}

/** Where so many rows of summaries before a minute begin, and how many there are. */
export interface RowsBefore {
  readonly from: number;
  readonly rows: number;
  readonly isLast: boolean;
}

const FIRST_ROWS = 1024;
const GROWTH = 8;
/** A stretch that would take longer is taken in parts, so that little is lost at the deadline. */
const LONG_MS = 1000;
const MINUTE_S = 60;
/** The newest stretch may end at the end of time, and the oldest begin at its beginning: neither is cut evenly. */
const LONGEST_CUT_S = 400 * 24 * 3600;

/**
 * Goes back in time in stretches that follow one another without a gap and grow, as far as the time that each takes
 * lets them.
 *
 *      older                                                      newer
 *      ─┬─────────────────────┬─────────────────────┬────────┬──────▶ to
 *       │ 64 times as many rows, in parts           │ 8 times │ 1,024 rows of summaries
 */
export async function* stretchesOf(
  range: { readonly to: number; readonly floor: number },
  rowsBefore: (to: number, rows: number) => Promise<RowsBefore>,
): AsyncGenerator<Stretch, void> {
  let { to } = range;
  let msPerRow = 0;
  for (let rows = FIRST_ROWS; to > range.floor; rows *= GROWTH) {
    const found = await rowsBefore(to, rows);
    const parts = partsOf(found.from, to, Math.ceil((msPerRow * found.rows) / LONG_MS));
    for (const part of parts) {
      const startedMs = performance.now();
      yield { ...part, isLast: found.isLast && part.from === found.from };
      const tookMs = performance.now() - startedMs;
      msPerRow = Math.max(msPerRow / 2, tookMs / Math.max(1, found.rows / parts.length));
    }
    if (found.isLast) return;
    to = found.from;
  }
}

function partsOf(from: number, to: number, wanted: number): { readonly from: number; readonly to: number }[] {
  const newest = Math.min(to, from + LONGEST_CUT_S);
  const minutes = Math.ceil((newest - from) / MINUTE_S);
  const step = Math.ceil(minutes / Math.max(1, Math.min(wanted, minutes))) * MINUTE_S;
  const parts: { from: number; to: number }[] = [];
  let end = to;
  for (let start = newest - step; start > from; start -= step) {
    parts.push({ from: start, to: end });
    end = start;
  }
  return [...parts, { from, to: end }];
}

/** Asks the store where so many rows of summaries before a minute begin; at `floor` at the latest. */
export async function stretchBefore(
  store: Store,
  budget: SearchBudget,
  to: number,
  floor: number,
  rows: number,
): Promise<RowsBefore> {
  const [start] = await budget.run(
    (options) => store.query<{ window_from: number; row_count: number }>(statement("window-start"), options),
    { window_to: to, window_rows: rows, floor },
    "lookup",
  );
  const found = start?.row_count ?? 0;
  // Behind the last row there is nothing to look at.
  return { from: found === 0 ? floor : start!.window_from, rows: found, isLast: found < rows };
}
