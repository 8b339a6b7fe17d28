import type { Field, SearchQuery } from "@clew/protocol/traceql/ast";
import { printQuery } from "@clew/protocol/traceql/print";
import type { Store } from "../../store/store.ts";
import { Parameters, statement } from "../sql.ts";
import { type TraceSummary, traceSummaries } from "../trace-summary.ts";
import { fieldsOf } from "../traceql/fields-of.ts";
import type { SpansetMatch } from "../traceql/judge-trace.ts";
import { expressionsOf, readSearch } from "../traceql/read-search.ts";
import { searchTraces } from "../traceql/search-traces.ts";
import type { Stretch } from "./newest-spans.ts";
import { rowsOfTraces, settingsFor } from "./rows-of-traces.ts";

export interface TempoSearchRequest {
  /** TraceQL that asks for traces. */
  readonly query: string;
  /** When the traces begin. */
  readonly stretch?: Stretch;
  readonly limit: number;
  /** Matching spans told of each spanset. */
  readonly spansShown: number;
  readonly signal?: AbortSignal;
}

export interface TempoSearchAnswer {
  /** Newest first. */
  readonly traces: readonly FoundTrace[];
  /** Set when time or bytes did not suffice to look at everything. */
  readonly isPartial: boolean;
}

export interface FoundTrace {
  readonly summary: TraceSummary;
  readonly spansets: readonly SpansetMatch[];
  readonly services: readonly ServiceCount[];
}

export interface ServiceCount {
  readonly service: string;
  readonly spanCount: number;
  readonly errorCount: number;
}

/**
 * The newest traces that a query matches, with what Tempo tells of them: of each span its name and the fields that the
 * query asks about, and how many spans each service has. Throws `InvalidQuery`.
 */
export async function tempoSearch(store: Store, request: TempoSearchRequest): Promise<TempoSearchAnswer> {
  const { query, stretch, limit, spansShown, signal } = request;
  const page = await searchTraces(store, {
    ...{ query: printQuery(showingFields(readSearch(query))), limit, spansShown },
    ...stretch,
    ...(signal && { signal }),
  });
  const ids = page.matches.map(({ traceId }) => traceId);
  const summaries = await traceSummaries(store, ids, signal);
  const byId = new Map(summaries.map((summary) => [summary.id, summary]));
  const counts = await serviceCounts(store, summaries, signal);
  const traces = page.matches.flatMap(({ traceId, spansets }): FoundTrace[] => {
    const summary = byId.get(traceId);
    return summary === undefined ? [] : [{ summary, spansets, services: counts.get(traceId) ?? [] }];
  });
  return { traces, isPartial: page.partial !== undefined };
}

/** The same query, which also selects the name and every field that its conditions read. */
function showingFields(query: SearchQuery): SearchQuery {
  const { pipeline } = query;
  const nowhere = { start: 0, end: 0 };
  const name: Field = { kind: "intrinsic", name: "span:name", ofParent: false, ...nowhere };
  const { conditions } = expressionsOf(pipeline);
  const asked = conditions.flatMap(fieldsOf).filter(({ ofParent }) => !ofParent);
  const select = { kind: "select", fields: [name, ...asked], ...nowhere } as const;
  return { ...query, pipeline: { ...pipeline, stages: [...pipeline.stages, select] } };
}

async function serviceCounts(
  store: Store,
  traces: readonly TraceSummary[],
  signal: AbortSignal | undefined,
): Promise<Map<string, ServiceCount[]>> {
  if (traces.length === 0) return new Map();
  const parameters = new Parameters();
  const rows = await store.query<{ id: string; service: string; span_count: string; error_count: string }>(
    statement("compatible-service-counts", { rows: rowsOfTraces(traces, parameters) }),
    { parameters: parameters.values, settings: settingsFor(traces), ...(signal && { signal }) },
  );
  const byId = Map.groupBy(rows, (row) => row.id);
  return new Map(
    [...byId].map(([id, of]) => [
      id,
      of.map(({ service, span_count, error_count }) => ({
        service,
        spanCount: Number(span_count),
        errorCount: Number(error_count),
      })),
    ]),
  );
}
