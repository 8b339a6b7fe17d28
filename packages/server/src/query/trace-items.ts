import type { TraceError, TraceItem, TraceStatus } from "@clew/protocol/api/trace-item";
import type { Store } from "../store/store.ts";
import { type Correlations, contextIds, correlationsOf, linkedTraceIds } from "./correlations.ts";
import { extentOf } from "./extent.ts";
import { statement } from "./sql.ts";
import { settingsForIds, type TraceSummary } from "./trace-summary.ts";

export const STATUSES: readonly TraceStatus[] = ["unset", "ok", "error"];

interface FirstSpan {
  readonly id: string;
  readonly name: string;
  readonly service_name: string;
}

interface FirstError {
  readonly id: string;
  readonly span_id: string;
  readonly error_type: string;
  readonly message: string;
  readonly service_name: string;
  readonly agent_name: string;
}

/** Lines of a list from the summaries of its traces, in their order. */
export async function traceItems(
  store: Store,
  summaries: readonly TraceSummary[],
  signal?: AbortSignal,
): Promise<TraceItem[]> {
  const ids = summaries.map((summary) => summary.id);
  const [errors, firsts, correlations] = await Promise.all([
    spansOf<FirstError>(
      "first-errors",
      store,
      summaries.filter((summary) => summary.errorCount > 0),
      signal,
    ),
    spansOf<FirstSpan>("first-spans", store, summaries.filter(isRootMissing), signal),
    linkedTraceIds(store, ids, signal).then((linked) => correlationsOf(store, summaries, linked, signal)),
  ]);
  return summaries.map((summary) =>
    traceItem(summary, errors.get(summary.id), firsts.get(summary.id), correlations.get(summary.id) ?? {}),
  );
}

/** Milliseconds with a fraction. */
export function msOf(nanos: bigint): number {
  return Number(nanos / 1_000_000n) + Number(nanos % 1_000_000n) / 1e6;
}

async function spansOf<Row extends { readonly id: string }>(
  name: string,
  store: Store,
  summaries: readonly TraceSummary[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Row>> {
  if (summaries.length === 0) return new Map();
  const { startNs, endNs } = extentOf(
    summaries,
    (summary) => summary.startNs,
    (summary) => summary.endNs,
  );
  const rows = await store.query<Row>(statement(name), {
    parameters: {
      ids: summaries.map((summary) => summary.id),
      from_ns: startNs,
      to_ns: endNs,
    },
    settings: settingsForIds(summaries.length),
    ...(signal && { signal }),
  });
  return new Map(rows.map((row) => [row.id, row]));
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
    spanId: error.span_id,
  };
}
