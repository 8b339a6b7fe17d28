import type { TraceGroup, TraceGroupDetail, TraceTurn } from "@clew/protocol/api/trace-group";
import { PublicError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { goBackInTime } from "./back-in-time.ts";
import { extentOf } from "./extent.ts";
import { tracePreviews } from "./group-previews.ts";
import { knownTraces, newestOf } from "./known-traces.ts";
import { type GroupKind, groupSize } from "./trace-groups.ts";
import { msOf, traceItems } from "./trace-items.ts";
import { TraceSearch } from "./trace-search.ts";
import type { TraceSummary } from "./trace-summary.ts";

/** No trace carries this session id. */
export class SessionNotFound extends PublicError {
  readonly code = "session_not_found";
  readonly status = 404;

  constructor(id: string) {
    super(`No trace carries the session id ${JSON.stringify(id)}`);
  }
}

/** No trace carries this task id. */
export class TaskNotFound extends PublicError {
  readonly code = "task_not_found";
  readonly status = 404;

  constructor(id: string) {
    super(`No trace carries the task id ${JSON.stringify(id)}`);
  }
}

/** Traces that one answer carries. */
export const MOST_TRACES = 1000;
/** The newest of them that are previewed. */
const MOST_PREVIEWS = 100;

/**
 * One session or task with its traces, those that inherit the id included. When so many carry the id that
 * they cannot be gathered, the sums are of the newest ones. Rejects with `SessionNotFound` or `TaskNotFound`.
 */
export async function traceGroup(
  store: Store,
  kind: GroupKind,
  id: string,
  signal?: AbortSignal,
): Promise<TraceGroupDetail> {
  const search = await TraceSearch.prepare(store, { ids: { [kind]: [id] } }, signal);
  const known = await knownTraces(search);
  const summaries = known
    ? await newestOf(search, known, undefined, Number.POSITIVE_INFINITY)
    : await goBackInTime(search, undefined, MOST_TRACES);
  if (summaries.length === 0) throw kind === "session" ? new SessionNotFound(id) : new TaskNotFound(id);
  const [items, previews] = await Promise.all([
    traceItems(search, summaries.slice(0, MOST_TRACES), known),
    tracePreviews(store, summaries.slice(0, MOST_PREVIEWS), signal),
  ]);
  const traces = items.map((item): TraceTurn => ({ ...item, ...(previews.get(item.traceId) ?? NO_PREVIEW) }));
  const total = known ? summaries.length : await groupSize(store, kind, id, signal);
  return {
    ...addUp(id, summaries),
    traces: traces.reverse(),
    ...(total > items.length && { truncated: { total, shown: items.length } }),
  };
}

const NO_PREVIEW = { input: "", output: "" };

function addUp(id: string, summaries: readonly TraceSummary[]): TraceGroup {
  const sum = (of: (summary: TraceSummary) => number) =>
    summaries.reduce((total, summary) => total + of(summary), 0);
  const all = (of: (summary: TraceSummary) => readonly string[]) =>
    [...new Set(summaries.flatMap(of))].sort();
  const { startNs, endNs } = extentOf(
    summaries,
    (summary) => summary.startNs,
    (summary) => summary.endNs,
  );
  return {
    id,
    startNanos: String(startNs),
    startMs: msOf(startNs),
    lastNanos: String(endNs),
    lastMs: msOf(endNs),
    traceCount: summaries.length,
    errorTraceCount: summaries.filter((summary) => summary.errorCount > 0).length,
    spanCount: sum((summary) => summary.spanCount),
    errorCount: sum((summary) => summary.errorCount),
    llmCalls: sum((summary) => summary.modelCalls),
    toolCalls: sum((summary) => summary.toolCalls),
    tokens: {
      input: sum((summary) => summary.inputTokens),
      output: sum((summary) => summary.outputTokens),
      cacheRead: sum((summary) => summary.cacheReadTokens),
    },
    costUsd: sum((summary) => summary.costUsd),
    agents: all((summary) => summary.agents),
    services: all((summary) => summary.services),
    models: all((summary) => summary.models),
    users: all((summary) => (summary.ids.user === "" ? [] : [summary.ids.user])),
  };
}
