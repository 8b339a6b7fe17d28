import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";
import type { Store } from "../store/store.ts";
import { contextIds, correlationsOf } from "./correlations.ts";
import { dictionaryOf } from "./dictionary.ts";
import { POINT_LOOKUP } from "./query-settings.ts";
import { resolveTrace, TraceNotFound, traceIdOf } from "./resolve-trace.ts";
import { parentIndexes } from "./span-parents.ts";
import { statement } from "./sql.ts";
import { msOf } from "./trace-items.ts";
import { type SpanColumns, traceSpans } from "./trace-spans.ts";

/** Spans that one answer carries. */
export const MOST_SPANS = 100_000;

export interface TraceColumnsOptions {
  readonly signal?: AbortSignal;
  /** Default `MOST_SPANS`. */
  readonly most?: number;
}

/** Ids of traces that were asked for and not there, the latest. They are looked for all the same. */
const missingIn = new WeakMap<Store, Set<string>>();
const MOST_MISSING = 1000;

/** One trace in columns; for the reference and the errors see `resolveTrace`. */
export async function traceColumns(
  store: Store,
  reference: string,
  options: TraceColumnsOptions = {},
): Promise<TraceColumns> {
  const { signal, most = MOST_SPANS } = options;
  const traceId = await traceIdOf(store, reference, signal);
  const missing = missingOf(store);
  // Who waits for a trace asks for it often, and is told for a third of the cost that it is still not there.
  if (missing.has(traceId)) await resolveTrace(store, traceId, signal);
  const [{ columns, ids, cutFrom }, around] = await Promise.all([
    traceSpans(store, traceId, most, signal).catch((error) => {
      if (error instanceof TraceNotFound) missing.add(traceId);
      throw error;
    }),
    surroundings(store, traceId, signal),
  ]);
  missing.delete(traceId);
  const others = new Set([...around.linkingTraces, ...columns.link_traces.flat()]);
  others.delete(traceId);
  const linkedTraces = [...others].sort();
  const linked = new Map([[traceId, linkedTraces]]);
  const correlations = await correlationsOf(store, [{ id: traceId, ids }], linked, signal);
  return {
    v: 1,
    traceId,
    ...timesOf(columns),
    ...(cutFrom !== undefined && {
      truncated: { total: cutFrom, shown: most, policy: "earliest" as const },
    }),
    ...spansOf(columns, around.withLogs),
    links: linksOf(columns),
    ctx: { ...contextIds(correlations.get(traceId) ?? {}), linkedTraces },
  };
}

function missingOf(store: Store): Set<string> {
  const missing = missingIn.get(store) ?? new Set();
  if (missing.size > MOST_MISSING) missing.clear();
  missingIn.set(store, missing);
  return missing;
}

async function surroundings(
  store: Store,
  traceId: string,
  signal: AbortSignal | undefined,
): Promise<{ withLogs: Set<string>; linkingTraces: string[] }> {
  const rows = await store.query<{ kind: "log" | "link"; id: string }>(statement("trace-surroundings"), {
    parameters: { trace_id: traceId },
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
  const idsOf = (kind: string) => rows.filter((row) => row.kind === kind).map((row) => row.id);
  return { withLogs: new Set(idsOf("log")), linkingTraces: idsOf("link") };
}

function linksOf({ link_traces, link_spans }: SpanColumns): TraceColumns["links"] {
  return link_traces.flatMap((traces, index) =>
    traces.map((traceId, at) => [index, traceId, link_spans[index]?.[at] ?? ""] as const),
  );
}

function timesOf(columns: SpanColumns): Pick<TraceColumns, "t0Nanos" | "t0Ms" | "durMs" | "start"> {
  const firstS = columns.start_s[0] ?? 0;
  const firstNs = columns.start_ns[0] ?? 0;
  const start = columns.start_s.map((seconds, index) => {
    return (seconds - firstS) * 1e9 + ((columns.start_ns[index] ?? 0) - firstNs);
  });
  let end = 0;
  start.forEach((nanos, index) => {
    end = Math.max(end, nanos, nanos + (columns.duration_ns[index] ?? 0));
  });
  const t0Nanos = BigInt(firstS) * 1_000_000_000n + BigInt(firstNs);
  return {
    t0Nanos: String(t0Nanos),
    t0Ms: msOf(t0Nanos),
    durMs: msOf(BigInt(end)),
    start: start.map((nanos) => nanos / 1000),
  };
}

function spansOf(columns: SpanColumns, withLogs: ReadonlySet<string>) {
  const name = dictionaryOf(columns.name);
  const service = dictionaryOf(columns.service_name);
  const type = dictionaryOf(columns.span_type);
  const agent = dictionaryOf(columns.agent_name);
  const provider = dictionaryOf(columns.provider);
  const model = dictionaryOf(columns.model);
  const tool = dictionaryOf(columns.tool_name);
  const err = dictionaryOf(columns.error_type);
  return {
    dict: {
      name: name.texts,
      service: service.texts,
      type: type.texts,
      agent: agent.texts,
      provider: provider.texts,
      model: model.texts,
      tool: tool.texts,
      err: err.texts,
    },
    n: columns.id.length,
    id: columns.id,
    parent: parentIndexes(columns.id, columns.parent_id),
    dur: columns.duration_ns.map((length, row) => (columns.is_running[row] ? 0 : length / 1000)),
    name: name.indexes,
    kind: columns.kind,
    service: service.indexes,
    type: type.indexes,
    agent: agent.indexes,
    provider: provider.indexes,
    model: model.indexes,
    tool: tool.indexes,
    status: columns.status_code,
    err: err.indexes,
    tokIn: columns.input_tokens,
    tokOut: columns.output_tokens,
    tokCacheR: columns.cache_read_tokens,
    tokCacheW: columns.cache_write_tokens,
    tokReason: columns.reasoning_tokens,
    costMicro: columns.cost_usd.map((cost) => Math.round(cost * 1e9) / 1000),
    ttftUs: columns.time_to_first_token_ns.map((length) => length / 1000),
    flags: columns.id.map((id, index) => flagsOf(columns, index) | (withLogs.has(id) ? SPAN_FLAG.logs : 0)),
  };
}

function flagsOf(columns: SpanColumns, index: number): number {
  return (
    (columns.has_content[index] ? SPAN_FLAG.content : 0) |
    (columns.has_events[index] ? SPAN_FLAG.events : 0) |
    (columns.link_traces[index]!.length > 0 ? SPAN_FLAG.links : 0) |
    (columns.usage_counts[index] ? SPAN_FLAG.counted : 0) |
    (columns.is_running[index] ? SPAN_FLAG.running : 0)
  );
}
