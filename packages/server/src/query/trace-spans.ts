import type { QueryOptions, Store } from "../store/store.ts";
import { POINT_LOOKUP } from "./query-settings.ts";
import { type ResolvedTrace, resolveTrace, TraceNotFound } from "./resolve-trace.ts";
import { fragment, type SqlFragment, statement } from "./sql.ts";
import { ID_NAMES, type IdName } from "./trace-conditions.ts";

/** Columns of `trace-spans.sql`. */
export interface SpanColumns {
  readonly id: string[];
  readonly parent_id: string[];
  readonly start_s: number[];
  readonly start_ns: number[];
  readonly duration_ns: number[];
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
  readonly cost_usd: number[];
  readonly time_to_first_token_ns: number[];
  readonly usage_counts: number[];
  readonly is_running: number[];
  readonly has_content: number[];
  readonly has_events: number[];
  readonly link_traces: string[][];
  readonly link_spans: string[][];
}

/** The spans of one trace. */
export interface TraceSpans {
  /**
   * The earliest first, those that start together by id; a span that was sent twice is there once, and one that was
   * told while it was running and has ended since as it ended.
   */
  readonly columns: SpanColumns;
  /** Those its spans carry; of several of one kind the greatest, empty text for none. */
  readonly ids: Readonly<Record<IdName, string>>;
  /** How many spans the trace has, those sent twice twice, where only the earliest of them are here. */
  readonly cutFrom?: number;
}

/** Most traces have fewer spans. */
const FEW = 2000;

/**
 * At most `most` spans of a trace; rejects with `TraceNotFound`. One statement finds those of a trace of a few spans,
 * whenever they were. For more it pays to ask first when they were, and only once which ids they carry.
 */
export async function traceSpans(
  store: Store,
  traceId: string,
  most: number,
  signal?: AbortSignal,
): Promise<TraceSpans> {
  const few = Math.min(FEW, most);
  const { ids = [], ...columns } = await readColumns(
    store,
    { columns: IDS },
    { trace_id: traceId, most: few + 1 },
    signal,
  );
  if (columns.id.length === 0) throw new TraceNotFound(traceId);
  if (columns.id.length <= few) return { columns: inOrder(columns), ids: greatestOf(ids) };
  return manySpans(store, await resolveTrace(store, traceId, signal), most, signal);
}

async function manySpans(
  store: Store,
  trace: ResolvedTrace,
  most: number,
  signal: AbortSignal | undefined,
): Promise<TraceSpans> {
  const isCut = trace.spanCount > most;
  const columns = await readColumns(
    store,
    { rows: WITHIN, ...(isCut && { order: EARLIEST }) },
    { trace_id: trace.id, from_ns: trace.startNs, to_ns: trace.endNs, most },
    signal,
  );
  if (columns.id.length === 0) throw new TraceNotFound(trace.id);
  const isFull = isCut && columns.id.length === most;
  return { columns: inOrder(columns), ids: trace.ids, ...(isFull && { cutFrom: trace.spanCount }) };
}

const WITHIN = fragment`WHERE start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to_ns:Int64}, 'UTC')`;
const EARLIEST = fragment`ORDER BY start_time, span_id LIMIT 1 BY span_id, start_time, duration_ns`;
/** In the order of `ID_NAMES`. */
const IDS = fragment`, [session_id, conversation_id, task_id, test_case_id, test_run_id, user_id] AS ids`;

async function readColumns(
  store: Store,
  slots: Readonly<Record<string, SqlFragment>>,
  parameters: NonNullable<QueryOptions["parameters"]>,
  signal: AbortSignal | undefined,
): Promise<SpanColumns & { readonly ids?: string[][] }> {
  const bytes = await store.queryBytes(statement("trace-spans", slots), "JSONColumns", {
    parameters,
    // Seconds, and lengths up to a hundred days in nanoseconds, are exact as numbers.
    settings: { ...POINT_LOOKUP, output_format_json_quote_64bit_integers: 0 },
    ...(signal && { signal }),
  });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  const answer = JSON.parse(text) as SpanColumns & { readonly ids?: string[][] };
  return {
    ...answer,
    // What can as well be done here is cheaper here than in the engine, which plans each function anew.
    id: lowerCase(answer.id),
    parent_id: lowerCase(answer.parent_id),
    link_traces: answer.link_traces.map(lowerCase),
    link_spans: answer.link_spans.map(lowerCase),
  };
}

function lowerCase(ids: readonly string[]): string[] {
  return ids.map((id) => id.toLowerCase());
}

function greatestOf(rows: readonly (readonly string[])[]): TraceSpans["ids"] {
  const greatest = ID_NAMES.map((name, index) => [
    name,
    rows
      .map((ids) => ids[index]!)
      .sort()
      .at(-1) ?? "",
  ]);
  return Object.fromEntries(greatest) as TraceSpans["ids"];
}

function inOrder(columns: SpanColumns): SpanColumns {
  const { id, start_s, start_ns, duration_ns, is_running } = columns;
  // What was told of a span while it ran comes before what it was in the end.
  const compare = (a: number, b: number): number => {
    const difference = start_s[a]! - start_s[b]! || start_ns[a]! - start_ns[b]!;
    if (difference !== 0) return difference;
    if (id[a] !== id[b]) return id[a]! < id[b]! ? -1 : 1;
    return is_running[b]! - is_running[a]! || duration_ns[a]! - duration_ns[b]!;
  };
  const isReplaced = (row: number, next: number | undefined): boolean =>
    next !== undefined &&
    id[row] === id[next] &&
    start_s[row] === start_s[next] &&
    start_ns[row] === start_ns[next] &&
    (is_running[row] === 1 || duration_ns[row] === duration_ns[next]);
  const rows = id.map((_, row) => row);
  if (rows.every((row) => row === 0 || (compare(row - 1, row) < 0 && !isReplaced(row - 1, row))))
    return columns;
  const kept = rows.sort(compare).filter((row, at) => !isReplaced(row, rows[at + 1]));
  const picked = Object.entries(columns).map(([name, values]) => [name, kept.map((row) => values[row])]);
  return Object.fromEntries(picked) as SpanColumns;
}
