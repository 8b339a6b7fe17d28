import { looksAtSummary } from "./filter.ts";
import { newestPage, rememberPage } from "./newest-page.ts";
import { POINT_LOOKUP, SCAN } from "./query-settings.ts";
import { fragment, Parameters } from "./sql.ts";
import { END_OF_TIME_S, minuteOf, type TimeWindow, timeWindows } from "./time-windows.ts";
import type { TraceCursor } from "./trace-cursor.ts";
import type { TraceKey, TraceSearch } from "./trace-search.ts";
import { type TraceSummary, traceSummaries } from "./trace-summary.ts";

/**
 * Summaries of the newest traces for which the conditions hold, found by going back in time.
 *
 * A trace belongs to the window in which it begins. One that began earlier also has rows in later windows;
 * there its whole summary shows an earlier start, and it is left for the window that is to come.
 */
export async function goBackInTime(
  search: TraceSearch,
  start: TraceCursor | undefined,
  most: number,
): Promise<TraceSummary[]> {
  const { store, conditions, signal } = search;
  const isNewestPage = start === undefined && Object.keys(conditions).length === 0;
  const page = isNewestPage ? await newestPage(store, most, signal) : undefined;
  if (page !== undefined) return page;
  const found: TraceSummary[] = [];
  const windows = timeWindows(store, {
    to: latestMinute(search, start),
    floor: conditions.fromNs === undefined ? 0 : minuteOf(conditions.fromNs),
    signal,
  });
  let after = start;
  for await (const window of windows) {
    for (let wanted = most - found.length; ; wanted = most - found.length) {
      const keys = await keysIn(search, window, after, wanted);
      found.push(...(await thatBeginThere(search, keys)));
      const last = keys.at(-1);
      if (last !== undefined) after = { startNs: last.startNs, traceId: last.id };
      if (keys.length < wanted || found.length >= most) break;
    }
    if (found.length >= most) break;
  }
  if (isNewestPage) rememberPage(store, found);
  return found;
}

function keysIn(
  search: TraceSearch,
  window: TimeWindow,
  after: TraceCursor | undefined,
  most: number,
): Promise<TraceKey[]> {
  const parameters = new Parameters();
  const from = fragment`toDateTime(${parameters.bind("UInt32", window.from)}, 'UTC')`;
  const to = fragment`toDateTime(${parameters.bind("UInt32", window.to)}, 'UTC')`;
  const inside = fragment`bucket >= ${from} AND bucket < ${to}`;
  let rows = inside;
  let toNs: bigint | undefined;
  // Conditions on the summary need all rows of a trace, and those that came later lie after the window.
  if (looksAtSummary(search.conditions) && window.to < END_OF_TIME_S) {
    const ofThese = fragment`trace_id IN (SELECT trace_id FROM traces WHERE ${inside})`;
    rows = window.isSmall
      ? fragment`bucket >= ${from} AND (bucket < ${to} OR ${ofThese})`
      : fragment`bucket >= ${from}`;
    toNs = BigInt(window.to) * 1_000_000_000n;
  }
  return search.keys({
    parameters,
    rows,
    spans: fragment`start_time >= ${from}`,
    after,
    toNs,
    most,
    settings: window.isSmall ? POINT_LOOKUP : SCAN,
  });
}

async function thatBeginThere(search: TraceSearch, keys: readonly TraceKey[]): Promise<TraceSummary[]> {
  const starts = new Map(keys.map((key) => [key.id, key.startNs]));
  const summaries = await traceSummaries(search.store, [...starts.keys()], search.signal);
  return summaries.filter((summary) => starts.get(summary.id) === summary.startNs);
}

function latestMinute(search: TraceSearch, start: TraceCursor | undefined): number {
  const ends = [search.conditions.toNs, start?.startNs].filter((end) => end !== undefined);
  return Math.min(END_OF_TIME_S, ...ends.map((end) => minuteOf(end) + 60));
}
