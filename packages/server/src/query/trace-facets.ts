import { FACET_VALUES, FACETS, type TraceFacets } from "@clew/protocol/api/facets";
import type { Store } from "../store/store.ts";
import { summaryConditions } from "./filter.ts";
import { POINT_LOOKUP, SCAN } from "./query-settings.ts";
import { andAll, fragment, Parameters, statement } from "./sql.ts";
import { END_OF_TIME_S, minuteOf } from "./time-windows.ts";
import type { TraceConditions } from "./trace-conditions.ts";
import { TraceSearch } from "./trace-search.ts";

export interface TraceFacetsRequest {
  readonly conditions: TraceConditions;
  readonly signal?: AbortSignal;
}

/** Rows of summaries that are looked at: an eighth of a second's work. A trace has one row or a few. */
const MOST_ROWS = 50_000;
/** Conditions on texts can take long; a list is of use without its facets. */
const TIMEOUT_MS = 5000;

interface FacetRow {
  readonly facet: string;
  readonly value: string;
  readonly trace_count: number;
}

/** What the newest traces for which conditions hold are about. Rejects with `QueryTimeout` after five seconds. */
export async function traceFacets(
  store: Store,
  request: TraceFacetsRequest,
): Promise<Omit<TraceFacets, "tookMs">> {
  const { conditions, signal } = request;
  const search = await TraceSearch.prepare(store, conditions, signal);
  const floor = conditions.fromNs === undefined ? 0 : minuteOf(conditions.fromNs);
  const to = conditions.toNs === undefined ? END_OF_TIME_S : minuteOf(conditions.toNs) + 60;
  const [start] = await search.query<{ window_from: number; row_count: number }>(
    "window-start",
    { window_to: to, window_rows: MOST_ROWS, floor },
    {},
    POINT_LOOKUP,
  );
  const isAll = start === undefined || start.row_count < MOST_ROWS;
  const from = isAll ? floor : start.window_from;
  const rows = await facetRows(search, from, to);
  return {
    traceCount: rows.find(({ facet }) => facet === "all")?.trace_count ?? 0,
    ...(!isAll && { sinceMs: from * 1000 }),
    facets: FACETS.flatMap((name) => {
      const values = rows.filter(({ facet }) => facet === name);
      if (values.length === 0) return [];
      return {
        name,
        values: values
          .slice(0, FACET_VALUES)
          .map(({ value, trace_count }) => ({ value, count: trace_count })),
        hasMore: values.length > FACET_VALUES,
      };
    }),
  };
}

async function facetRows(search: TraceSearch, from: number, to: number): Promise<FacetRow[]> {
  const { services, agents, models, status, ...others } = search.conditions;
  const parameters = new Parameters();
  const first = fragment`toDateTime(${parameters.bind("UInt32", from)}, 'UTC')`;
  const last = fragment`toDateTime(${parameters.bind("UInt32", to)}, 'UTC')`;
  const only = (conditions: TraceConditions) => andAll(summaryConditions(conditions, parameters));
  const slots = {
    rows: andAll([fragment`bucket >= ${first} AND bucket < ${last}`]),
    span_conditions: search.spanConditions(parameters, fragment`start_time >= ${first}`),
    summary_conditions: only(others),
    service: only({ ...(services && { services }) }),
    agent: only({ ...(agents && { agents }) }),
    model: only({ ...(models && { models }) }),
    status: only({ ...(status && { status }) }),
  };
  const { signal } = search;
  return search.store.query<FacetRow>(statement("trace-facets", slots), {
    parameters: { ...parameters.values, most: MOST_ROWS, values: FACET_VALUES + 1 },
    settings: SCAN,
    timeoutMs: TIMEOUT_MS,
    ...(signal && { signal }),
  });
}
