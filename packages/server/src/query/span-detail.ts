import type { SpanAnswer, SpanDetail, SpanLog, SpanMeaning } from "@clew/protocol/api/span-detail";
import { messagesOf } from "@clew/protocol/genai/messages-of";
import { PublicError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { resourceDetail, scopeDetail } from "./origin-detail.ts";
import { Origins } from "./origins.ts";
import { POINT_LOOKUP } from "./query-settings.ts";
import { type ResolvedTrace, resolveTrace } from "./resolve-trace.ts";
import { restoreLog, type WholeLogRow } from "./restore-log.ts";
import { restoreSpan, type WholeSpanRow } from "./restore-span.ts";
import { EndedFirst } from "./running.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "./sql.ts";
import { msOf, STATUSES } from "./trace-items.ts";

/** The trace is stored, and has no span with this id. */
export class SpanNotFound extends PublicError {
  readonly code = "span_not_found";
  readonly status = 404;

  constructor(traceId: string, spanId: string) {
    super(`Trace ${traceId} has no span ${spanId}`);
  }
}

/** What was given is no span id. */
export class InvalidSpanId extends PublicError {
  readonly code = "invalid_span_id";
  readonly status = 400;

  constructor(text: string) {
    super(`${JSON.stringify(text)} is no span id: give 16 hexadecimal digits`);
  }
}

interface MeaningRow {
  readonly span_type: string;
  readonly agent_name: string;
  readonly agent_id: string;
  readonly provider: string;
  readonly model: string;
  readonly tool_name: string;
  readonly error_type: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly reasoning_tokens: number;
  readonly cost_usd: number;
  readonly time_to_first_token_ms: number;
  readonly session_id: string;
  readonly conversation_id: string;
  readonly task_id: string;
  readonly test_case_id: string;
  readonly test_run_id: string;
  readonly user_id: string;
}

/** Log records of one span that an answer carries. */
const MOST_LOGS = 1000;
const BY_TIME = fragment`ORDER BY time LIMIT {most:UInt32}`;

/**
 * Everything about the spans with one id in one trace; nearly always one. Rejects as `resolveTrace` does, and
 * with `SpanNotFound` or `InvalidSpanId`.
 */
export async function spanDetail(
  store: Store,
  traceReference: string,
  spanId: string,
  signal?: AbortSignal,
): Promise<SpanAnswer> {
  const id = spanId.toLowerCase();
  if (!/^[0-9a-f]{16}$/.test(id)) throw new InvalidSpanId(spanId);
  const trace = await resolveTrace(store, traceReference, signal);
  const parameters = new Parameters();
  const slots = { rows: andAll(isSpan(trace, id, parameters)) };
  const options = { parameters: parameters.values, settings: POINT_LOOKUP, ...(signal && { signal }) };
  const [rows, meanings, logs] = await Promise.all([
    store.query<WholeSpanRow>(statement("whole-spans", slots), options),
    store.query<MeaningRow>(statement("span-meanings", slots), options),
    logsOf(store, trace.id, id, signal),
  ]);
  if (rows.length === 0) throw new SpanNotFound(trace.id, id);
  const origins = new Origins(store, signal);
  await origins.load(rows);
  const ended = new EndedFirst();
  const spans = rows.flatMap((row, index) =>
    ended.keep(row) ? [detail(row, meanings[index], logs, origins)] : [],
  );
  return { spans };
}

function isSpan(trace: ResolvedTrace, spanId: string, parameters: Parameters): SqlFragment[] {
  const traceId = fragment`toFixedString(unhex(${parameters.bind("String", trace.id)}), 16)`;
  return [
    fragment`start_time >= fromUnixTimestamp64Nano(${parameters.bind("Int64", trace.startNs)}, 'UTC')`,
    fragment`start_time <= fromUnixTimestamp64Nano(${parameters.bind("Int64", trace.endNs)}, 'UTC')`,
    fragment`xxHash32(spans.trace_id) = xxHash32(${traceId})`,
    fragment`spans.trace_id = ${traceId}`,
    fragment`spans.span_id = toFixedString(unhex(${parameters.bind("String", spanId)}), 8)`,
  ];
}

async function logsOf(
  store: Store,
  traceId: string,
  spanId: string,
  signal: AbortSignal | undefined,
): Promise<WholeLogRow[]> {
  const parameters = new Parameters();
  const rows = andAll([
    fragment`logs.trace_id = toFixedString(unhex(${parameters.bind("String", traceId)}), 16)`,
    fragment`logs.span_id = toFixedString(unhex(${parameters.bind("String", spanId)}), 8)`,
  ]);
  return store.query<WholeLogRow>(statement("whole-logs", { rows, order: BY_TIME }), {
    parameters: { ...parameters.values, most: MOST_LOGS },
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
}

function detail(
  row: WholeSpanRow,
  meaning: MeaningRow | undefined,
  logRows: readonly WholeLogRow[],
  origins: Origins,
): SpanDetail {
  const span = restoreSpan(row);
  const scope = scopeDetail(origins, row.scope_id);
  const startNs = BigInt(row.start_ns);
  const logs = logRows.map((log): SpanLog => ({ ...restoreLog(log), service: log.service_name }));
  return {
    traceId: row.trace_id,
    spanId: row.span_id,
    parentSpanId: span.parentSpanId ?? "",
    traceState: row.trace_state,
    flags: row.flags,
    name: row.name,
    kind: row.kind,
    startNanos: row.start_ns,
    endNanos: String(startNs + BigInt(row.duration_ns)),
    startMs: msOf(startNs),
    durMs: row.is_running ? 0 : msOf(BigInt(row.duration_ns)),
    status: STATUSES[row.status_code] ?? "unset",
    statusMessage: row.status_message,
    service: row.service_name,
    meaning: spanMeaning(meaning),
    attributes: span.attributes ?? [],
    droppedAttributesCount: row.dropped_attributes_count,
    events: span.events ?? [],
    droppedEventsCount: row.dropped_events_count,
    links: span.links ?? [],
    droppedLinksCount: row.dropped_links_count,
    resource: resourceDetail(origins, row.resource_id),
    scope,
    logs,
    messages: messagesOf({ ...span, scopeName: scope.name }, logs),
    sizes: {
      attributes: byteLength(row.attribute_keys) + byteLength(row.attribute_values),
      content: byteLength(row.content_keys) + byteLength(row.content_values),
    },
  };
}

function spanMeaning(row: MeaningRow | undefined): SpanMeaning {
  return {
    type: row?.span_type ?? "",
    agent: row?.agent_name ?? "",
    agentId: row?.agent_id ?? "",
    provider: row?.provider ?? "",
    model: row?.model ?? "",
    tool: row?.tool_name ?? "",
    errorType: row?.error_type ?? "",
    inputTokens: row?.input_tokens ?? 0,
    outputTokens: row?.output_tokens ?? 0,
    cacheReadTokens: row?.cache_read_tokens ?? 0,
    cacheWriteTokens: row?.cache_write_tokens ?? 0,
    reasoningTokens: row?.reasoning_tokens ?? 0,
    costUsd: row?.cost_usd ?? 0,
    timeToFirstTokenMs: row?.time_to_first_token_ms ?? 0,
    session: row?.session_id ?? "",
    conversation: row?.conversation_id ?? "",
    task: row?.task_id ?? "",
    testCase: row?.test_case_id ?? "",
    testRun: row?.test_run_id ?? "",
    user: row?.user_id ?? "",
  };
}

function byteLength(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
