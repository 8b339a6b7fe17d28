import type { TraceItem } from "@clew/protocol/api/trace-item";
import type { Store } from "../store/store.ts";
import { goBackInTime } from "./back-in-time.ts";
import { knownTraces, type NewestTraces, newestOf, newestWithId } from "./known-traces.ts";
import type { TraceConditions } from "./trace-conditions.ts";
import type { TraceCursor } from "./trace-cursor.ts";
import { traceItems } from "./trace-items.ts";
import { TraceSearch } from "./trace-search.ts";

export interface TracePageRequest {
  readonly conditions: TraceConditions;
  /** Traces on the page. */
  readonly limit: number;
  /** The last trace of the page before. */
  readonly after?: TraceCursor;
  readonly signal?: AbortSignal;
}

export interface TracePage {
  readonly items: readonly TraceItem[];
  /** Where the next page begins; absent when this is the last. */
  readonly next?: TraceCursor;
}

/**
 * The newest traces, by the start of their first span and then by id, for which the conditions hold. Found
 * through the ids or attributes asked for where these are rare, else by going back in time.
 */
export async function findTraces(store: Store, request: TracePageRequest): Promise<TracePage> {
  const { conditions, limit, after, signal } = request;
  const search = await TraceSearch.prepare(store, conditions, signal);
  // One more than the page tells whether there is a next one.
  const { known, summaries } = await newestTraces(search, after, limit + 1);
  const page = summaries.slice(0, limit);
  const items = await traceItems(search, page, known);
  const last = page.at(-1);
  if (summaries.length <= limit || last === undefined) return { items };
  return { items, next: { startNs: last.startNs, traceId: last.id } };
}

async function newestTraces(
  search: TraceSearch,
  after: TraceCursor | undefined,
  most: number,
): Promise<Partial<NewestTraces> & Pick<NewestTraces, "summaries">> {
  const withId = after === undefined ? await newestWithId(search, most) : undefined;
  if (withId !== undefined) return withId;
  const known = await knownTraces(search);
  if (known === undefined) return { summaries: await goBackInTime(search, after, most) };
  return { known, summaries: await newestOf(search, known, after, most) };
}

/** Lines for these traces, newest first; those for which the conditions do not hold are left out. */
export async function traceHeads(
  store: Store,
  ids: readonly string[],
  conditions: TraceConditions = {},
  signal?: AbortSignal,
): Promise<TraceItem[]> {
  if (ids.length === 0) return [];
  const search = await TraceSearch.prepare(store, conditions, signal);
  return traceItems(search, await newestOf(search, { ids: new Set(ids) }, undefined, ids.length));
}
