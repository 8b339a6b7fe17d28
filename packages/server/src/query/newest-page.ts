import type { Store } from "../store/store.ts";
import { POINT_LOOKUP } from "./query-settings.ts";
import { fragment, Parameters } from "./sql.ts";
import { minuteOf } from "./time-windows.ts";
import { summariesOf, type TraceSummary } from "./trace-summary.ts";

const LIFE_MS = 60_000;
/**
 * A trace that began before the stretch that is looked at is found by its later spans. It stands in the place of
 * another then, unless the stretch begins this much before the page, or there are places to spare.
 */
const MARGIN_NS = 10_000_000_000n;
const SPARE = 8;

/** The start of the last trace of the newest page: the next newest page reaches no further back. */
const lastPages = new WeakMap<
  Store,
  { readonly startNs: bigint; readonly count: number; readonly atMs: number }
>();

/** Makes the next `newestPage` of at most so many traces fast. */
export function rememberPage(store: Store, page: readonly TraceSummary[]): void {
  const last = page.at(-1);
  // Before the epoch there are no minutes to look in.
  if (last === undefined || last.startNs < MARGIN_NS) return;
  lastPages.set(store, { startNs: last.startNs, count: page.length, atMs: performance.now() });
}

/**
 * Summaries of the `most` newest traces, with one statement; undefined when it is not known how far back they reach,
 * or when they reach further.
 */
export async function newestPage(
  store: Store,
  most: number,
  signal?: AbortSignal,
): Promise<TraceSummary[] | undefined> {
  const before = lastPages.get(store);
  if (before === undefined || before.count < most || performance.now() - before.atMs > LIFE_MS)
    return undefined;
  const fromNs = before.startNs - MARGIN_NS;
  const parameters = new Parameters();
  const minute = parameters.bind("UInt32", minuteOf(fromNs));
  const from = parameters.bind("Int64", fromNs);
  const traces = fragment`
    SELECT trace_id
    FROM traces
    WHERE bucket >= toDateTime(${minute}, 'UTC') AND start_time >= fromUnixTimestamp64Nano(${from}, 'UTC')
    GROUP BY trace_id
    ORDER BY min(start_time) DESC, trace_id DESC
    LIMIT ${parameters.bind("UInt32", most + SPARE)}`;
  const found = await summariesOf(store, { traces, parameters, settings: POINT_LOOKUP }, signal);
  const page = found.filter((trace) => trace.startNs >= fromNs).slice(0, most);
  if (page.length < most) return undefined;
  rememberPage(store, page);
  return page;
}
