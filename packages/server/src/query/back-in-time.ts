import type { Store } from "../store/store.ts";
import { looksAtSummary } from "./filter.ts";
import { POINT_LOOKUP, SCAN } from "./query-settings.ts";
import { fragment, Parameters } from "./sql.ts";
import type { TraceCursor } from "./trace-cursor.ts";
import type { TraceKey, TraceSearch } from "./trace-search.ts";
import { type TraceSummary, traceSummaries } from "./trace-summary.ts";

const FIRST_WINDOW_ROWS = 1024;
const WINDOW_GROWTH = 8;
/** Stretches cut from at most this many rows are read by one thread. */
const SMALL_WINDOW_ROWS = 8192;
const END_OF_TIME_S = 2 ** 32 - 1;
const HINT_LIFE_MS = 60_000;

/** Whole minutes in epoch seconds: from inclusive, to exclusive. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/** The minute of the last trace of the newest page, from which that page can be found in one step. */
const hints = new WeakMap<
  Store,
  { readonly minute: number; readonly count: number; readonly atMs: number }
>();

/**
 * Summaries of the newest traces for which the conditions hold, found by going back in time:
 *
 *      older                                                        newer
 *      ─┬──────────────────────────────────┬──────────────┬────────┬──▶ after, to
 *       │ window 3: 64 times as many rows  │ window 2: 8× │ window 1
 *
 * A trace belongs to the window in which it begins. One that began earlier also has rows in later windows;
 * there its whole summary shows an earlier start, and it is left for the window that is to come.
 */
export async function goBackInTime(
  search: TraceSearch,
  start: TraceCursor | undefined,
  most: number,
): Promise<TraceSummary[]> {
  const floor = search.conditions.fromNs === undefined ? 0 : minuteOf(search.conditions.fromNs);
  const isNewestPage = start === undefined && Object.keys(search.conditions).length === 0;
  const found: TraceSummary[] = [];
  let after = start;
  let to = latestMinute(search, start);
  let rows = FIRST_WINDOW_ROWS;
  let window = isNewestPage ? recallWindow(search.store, most) : undefined;
  let isLast = false;
  for (;;) {
    if (window === undefined) {
      const beginning = await windowStart(search, to, floor, rows);
      window = { from: beginning.from, to };
      isLast = beginning.isLast;
    }
    const wanted = most - found.length;
    const keys = await keysIn(search, window, rows, after, wanted);
    found.push(...(await thatBeginThere(search, keys)));
    const last = keys.at(-1);
    if (last !== undefined) after = { startNs: last.startNs, traceId: last.id };
    if (found.length >= most) break;
    if (keys.length === wanted) continue;
    if (isLast) break;
    to = window.from;
    rows *= WINDOW_GROWTH;
    window = undefined;
  }
  const last = found.at(-1);
  if (isNewestPage && last !== undefined) rememberWindow(search.store, last.startNs, found.length);
  return found;
}

function keysIn(
  search: TraceSearch,
  window: Window,
  rows: number,
  after: TraceCursor | undefined,
  most: number,
): Promise<TraceKey[]> {
  const parameters = new Parameters();
  const from = fragment`toDateTime(${parameters.bind("UInt32", window.from)}, 'UTC')`;
  const to = fragment`toDateTime(${parameters.bind("UInt32", window.to)}, 'UTC')`;
  const inside = fragment`bucket >= ${from} AND bucket < ${to}`;
  // Conditions on the summary need all rows of a trace, and those that came later lie after the window.
  const needsLaterRows = looksAtSummary(search.conditions) && window.to < END_OF_TIME_S;
  const withLater = fragment`bucket >= ${from} AND (bucket < ${to} OR trace_id IN (SELECT trace_id FROM traces WHERE ${inside}))`;
  return search.keys({
    parameters,
    rows: needsLaterRows ? withLater : inside,
    spans: fragment`start_time >= ${from}`,
    after,
    most,
    settings: rows > SMALL_WINDOW_ROWS ? SCAN : POINT_LOOKUP,
  });
}

async function thatBeginThere(search: TraceSearch, keys: readonly TraceKey[]): Promise<TraceSummary[]> {
  const starts = new Map(keys.map((key) => [key.id, key.startNs]));
  const summaries = await traceSummaries(search.store, [...starts.keys()], search.signal);
  return summaries.filter((summary) => starts.get(summary.id) === summary.startNs);
}

async function windowStart(
  search: TraceSearch,
  to: number,
  floor: number,
  rows: number,
): Promise<{ from: number; isLast: boolean }> {
  const bound = { window_to: to, window_rows: rows, floor };
  const [start] = await search.query<{ window_from: number; row_count: number }>("window-start", bound);
  if (start === undefined || start.row_count < rows) return { from: floor, isLast: true };
  return { from: start.window_from, isLast: false };
}

function latestMinute(search: TraceSearch, start: TraceCursor | undefined): number {
  const ends = [search.conditions.toNs, start?.startNs].filter((end) => end !== undefined);
  return Math.min(END_OF_TIME_S, ...ends.map((end) => minuteOf(end) + 60));
}

function recallWindow(store: Store, most: number): Window | undefined {
  const hint = hints.get(store);
  if (hint === undefined || hint.count < most || performance.now() - hint.atMs > HINT_LIFE_MS)
    return undefined;
  return { from: hint.minute, to: END_OF_TIME_S };
}

function rememberWindow(store: Store, oldestNs: bigint, count: number): void {
  hints.set(store, { minute: minuteOf(oldestNs), count, atMs: performance.now() });
}

/** The whole minute of a moment in epoch seconds, within what a bucket can hold. */
function minuteOf(nanos: bigint): number {
  const minute = Number(nanos / 60_000_000_000n) * 60;
  return Math.min(Math.max(minute, 0), END_OF_TIME_S - 60);
}
