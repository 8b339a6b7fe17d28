import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";
import type { Store } from "../store/store.ts";
import { contextIds, correlationsOf, linkedTraceIds } from "./correlations.ts";
import { dictionaryOf } from "./dictionary.ts";
import { POINT_LOOKUP, SCAN } from "./query-settings.ts";
import { resolveTrace, TraceNotFound } from "./resolve-trace.ts";
import { parentIndexes } from "./span-parents.ts";
import { statement } from "./sql.ts";
import { msOf } from "./trace-items.ts";
import type { TraceSummary } from "./trace-summary.ts";

/** Spans that one answer carries. */
export const MOST_SPANS = 100_000;
/** Traces with more spans than this are read by several threads. */
const SMALL_TRACE = 5000;

/** Columns of `trace-spans.sql`. */
interface SpanColumns {
  readonly id: string[];
  readonly parent_id: string[];
  readonly start_us: number[];
  readonly dur_us: number[];
  readonly name: string[];
  readonly kind: number[];
  readonly service_name: string[];
  readonly span_type: string[];
  readonly agent_name: string[];
  readonly provider: string[];
  readonly model: string[];
  readonly tool_name: string[];
  readonly status_code: number[];
  readonly error_type: string[];
  readonly input_tokens: number[];
  readonly output_tokens: number[];
  readonly cache_read_tokens: number[];
  readonly cache_write_tokens: number[];
  readonly reasoning_tokens: number[];
  readonly cost_micro: number[];
  readonly ttft_us: number[];
  readonly flags: number[];
  readonly links: [traceId: string, spanId: string][][];
}

export interface TraceColumnsOptions {
  readonly signal?: AbortSignal;
  /** Default `MOST_SPANS`. */
  readonly most?: number;
}

/** One trace in columns; for the reference and the errors see `resolveTrace`. */
export async function traceColumns(
  store: Store,
  reference: string,
  options: TraceColumnsOptions = {},
): Promise<TraceColumns> {
  const { signal, most = MOST_SPANS } = options;
  const summary = await resolveTrace(store, reference, signal);
  const [columns, withLogs, [linkedTraces, correlations]] = await Promise.all([
    spanColumns(store, summary, most, signal),
    spansWithLogs(store, summary.id, signal),
    linkedTraceIds(store, [summary.id], signal).then(
      async (linked) =>
        [
          linked.get(summary.id) ?? [],
          (await correlationsOf(store, [summary], linked, signal)).get(summary.id) ?? {},
        ] as const,
    ),
  ]);
  if (columns.id.length === 0) throw new TraceNotFound(summary.id);
  const isTruncated = summary.spanCount > most && columns.id.length === most;
  return {
    v: 1,
    traceId: summary.id,
    ...timesOf(columns, summary),
    ...(isTruncated && { truncated: { total: summary.spanCount, shown: most, policy: "earliest" as const } }),
    ...spansOf(columns, withLogs),
    ctx: { ...contextIds(correlations), linkedTraces },
  };
}

async function spanColumns(
  store: Store,
  summary: TraceSummary,
  most: number,
  signal: AbortSignal | undefined,
): Promise<SpanColumns> {
  const bytes = await store.queryBytes(statement("trace-spans"), "JSONColumns", {
    parameters: { trace_id: summary.id, from_ns: summary.startNs, to_ns: summary.endNs, most },
    settings: summary.spanCount > SMALL_TRACE ? SCAN : POINT_LOOKUP,
    ...(signal && { signal }),
  });
  return JSON.parse(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"),
  ) as SpanColumns;
}

async function spansWithLogs(
  store: Store,
  traceId: string,
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const rows = await store.query<{ span_id: string }>(statement("spans-with-logs"), {
    parameters: { trace_id: traceId },
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
  return new Set(rows.map((row) => row.span_id));
}

/** Spans of a trace may be stored before its summary is, so the summary's bounds are checked against them. */
function timesOf(
  columns: SpanColumns,
  summary: TraceSummary,
): Pick<TraceColumns, "t0Nanos" | "t0Ms" | "durMs" | "start"> {
  const first = columns.start_us[0] ?? 0;
  const t0Nanos = summary.startNs + BigInt(Math.round(first * 1000));
  const endUs = columns.start_us.reduce((most, start, index) => {
    return Math.max(most, start + Math.max(columns.dur_us[index] ?? 0, 0));
  }, 0);
  return {
    t0Nanos: String(t0Nanos),
    t0Ms: msOf(t0Nanos),
    durMs: msOf(BigInt(Math.round((endUs - first) * 1000))),
    start:
      first === 0
        ? columns.start_us
        : columns.start_us.map((start) => Math.round((start - first) * 1000) / 1000),
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
  const links = columns.links.flatMap((of, index) =>
    of.map(([traceId, spanId]) => [index, traceId, spanId] as const),
  );
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
    dur: columns.dur_us,
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
    costMicro: columns.cost_micro,
    ttftUs: columns.ttft_us,
    flags:
      withLogs.size === 0
        ? columns.flags
        : columns.flags.map(
            (flags, index) => flags | (withLogs.has(columns.id[index] ?? "") ? SPAN_FLAG.logs : 0),
          ),
    links,
  };
}
