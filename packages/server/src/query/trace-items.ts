import type { TraceError, TraceItem, TraceStatus } from "@clew/protocol/api/trace-item";
import { type Correlations, contextIds, correlationsOf } from "./correlations.ts";
import type { KnownTraces } from "./known-traces.ts";
import type { FirstError, FirstSpan } from "./trace-extras.ts";
import type { TraceSearch } from "./trace-search.ts";
import type { TraceSummary } from "./trace-summary.ts";

export const STATUSES: readonly TraceStatus[] = ["unset", "ok", "error"];

/** Lines of a list from the summaries of its traces, in their order; `known` is what led to them. */
export async function traceItems(
  search: TraceSearch,
  summaries: readonly TraceSummary[],
  known?: KnownTraces,
): Promise<TraceItem[]> {
  const { store, extras, signal } = search;
  const [errors, firsts, correlations] = await Promise.all([
    extras.errors.get(summaries.filter((summary) => summary.errorCount > 0)),
    extras.firsts.get(summaries.filter(isRootMissing)),
    extras.links.get(summaries).then((linked) => correlationsOf(store, summaries, linked, signal)),
  ]);
  return summaries.map((summary) => {
    const ids = { ...correlations.get(summary.id), ...idAskedFor(search, known, summary.id) };
    return traceItem(summary, errors.get(summary.id), firsts.get(summary.id), ids);
  });
}

/** A trace can carry several ids of one kind, of which its summary knows one; shown is the one asked for. */
function idAskedFor(
  { conditions }: TraceSearch,
  known: KnownTraces | undefined,
  traceId: string,
): Correlations {
  const name = known?.holds;
  const values = name && conditions.ids?.[name];
  if (known === undefined || name === undefined || values?.length !== 1) return {};
  return { [name]: { id: values[0]!, inherited: !known.ids.has(traceId) } };
}

/** Milliseconds with a fraction. */
export function msOf(nanos: bigint): number {
  return Number(nanos / 1_000_000n) + Number(nanos % 1_000_000n) / 1e6;
}

/** A span without a service is stored with an empty one, so a root shows by its name or by its service. */
function isRootMissing(summary: TraceSummary): boolean {
  return summary.rootName === "" && summary.rootService === "";
}

function traceItem(
  summary: TraceSummary,
  error: FirstError | undefined,
  first: FirstSpan | undefined,
  correlations: Correlations,
): TraceItem {
  const rootMissing = isRootMissing(summary);
  const rootStatus = STATUSES[summary.rootStatus] ?? "unset";
  return {
    traceId: summary.id,
    rootName: rootMissing ? (first?.name ?? "") : summary.rootName,
    rootService: rootMissing ? (first?.service_name ?? "") : summary.rootService,
    rootMissing,
    rootStatus,
    isRunning: summary.isRunning,
    startNanos: String(summary.startNs),
    startMs: msOf(summary.startNs),
    durMs: msOf(summary.endNs - summary.startNs),
    status: summary.errorCount > 0 ? "error" : rootStatus,
    ...(error && { error: traceError(error) }),
    agents: summary.agents,
    services: summary.services,
    models: summary.models,
    spanCount: summary.spanCount,
    errorCount: summary.errorCount,
    llmCalls: summary.modelCalls,
    toolCalls: summary.toolCalls,
    tokens: { input: summary.inputTokens, output: summary.outputTokens, cacheRead: summary.cacheReadTokens },
    costUsd: summary.costUsd,
    ...contextIds(correlations),
  };
}

function traceError(error: FirstError): TraceError {
  return {
    type: error.error_type,
    message: error.message,
    service: error.service_name,
    agent: error.agent_name,
    spanId: error.span_id.toLowerCase(),
  };
}
