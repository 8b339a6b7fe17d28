import type { Store } from "../store/store.ts";
import { POINT_LOOKUP } from "./query-settings.ts";
import { statement } from "./sql.ts";

/** A stretch of time in whole minutes, epoch seconds: from inclusive, to exclusive. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
  /** Whether one thread reads it fastest. */
  readonly isSmall: boolean;
}

export interface TimeWindowsOptions {
  /** Where the newest window ends; `END_OF_TIME_S` for the newest there is. */
  readonly to: number;
  /** Where the oldest begins. */
  readonly floor: number;
  readonly signal?: AbortSignal | undefined;
}

/** After the last minute that a bucket can hold. */
export const END_OF_TIME_S = 2 ** 32 - 1;

const FIRST_ROWS = 1024;
const GROWTH = 8;
/** Windows cut from at most this many rows of `traces` are small. */
const SMALL_ROWS = 8192;

/**
 * Goes back in time through `traces` in windows that follow one another without a gap and grow:
 *
 *      older                                                       newer
 *      ─┬──────────────────────────────────┬──────────────┬────────┬──▶ to
 *       │ window 3: 64 times as many rows  │ window 2: 8× │ window 1
 */
export async function* timeWindows(
  store: Store,
  options: TimeWindowsOptions,
): AsyncGenerator<TimeWindow, void> {
  const { floor, signal } = options;
  let { to } = options;
  for (let rows = FIRST_ROWS; ; rows *= GROWTH) {
    const [start] = await store.query<{ window_from: number; row_count: number }>(statement("window-start"), {
      parameters: { window_to: to, window_rows: rows, floor },
      settings: POINT_LOOKUP,
      ...(signal && { signal }),
    });
    const isLast = start === undefined || start.row_count < rows;
    const from = isLast ? floor : start.window_from;
    yield { from, to, isSmall: rows <= SMALL_ROWS };
    if (isLast) return;
    to = from;
  }
}

/** The whole minute of a moment in epoch seconds, within what a bucket can hold. */
export function minuteOf(nanos: bigint): number {
  const minute = Number(nanos / 60_000_000_000n) * 60;
  return Math.min(Math.max(minute, 0), END_OF_TIME_S - 60);
}
