import { eachOnce } from "./each-once.ts";
import { type ListColumn, NativeTable, type TextColumn } from "./native-table.ts";
import { parentPlaces } from "./parent-places.ts";
import { SpanPlaces } from "./span-places.ts";
import { TraceNumbers } from "./trace-numbers.ts";

const TRACE_WORDS = 4;

/**
 * The spans of some traces in columns, each span once: those of trace i are `rows[starts[i]]` to `rows[starts[i + 1] - 1]`,
 * the earliest first and those that start together by id, as an answer of one trace has them.
 */
export interface SpanTable {
  /** As many as in `map-spans.sql`: there may be more in the store. */
  readonly read: number;
  readonly traceCount: number;
  readonly rows: Uint32Array;
  readonly starts: Uint32Array;
  /** By place in `rows`: the place of the parent, `NO_PARENT` or `PARENT_MISSING`. Following it always ends. */
  readonly parent: Int32Array;
  readonly columns: SpanColumns;
  /** Four words for each row. */
  readonly traceIds: Uint32Array;
  /** Two words for each row. */
  readonly spanIds: Uint32Array;
  /** Where a span is: in which trace, and the how manieth of it. Ids are bytes. */
  placeOf(traceId: Uint8Array, spanId: Uint8Array): SpanPlace | undefined;
}

export interface SpanPlace {
  readonly trace: number;
  readonly at: number;
}

/** By row, as read. */
export interface SpanColumns {
  /** Nanoseconds as two words each, the lower first. */
  readonly start: Uint32Array;
  readonly durationNs: Float64Array;
  readonly name: TextColumn;
  readonly kind: Uint8Array;
  readonly status: Uint8Array;
  readonly service: TextColumn;
  readonly type: TextColumn;
  readonly agent: TextColumn;
  readonly tool: TextColumn;
  readonly model: TextColumn;
  readonly inputTokens: Uint32Array;
  readonly outputTokens: Uint32Array;
  readonly cacheReadTokens: Uint32Array;
  readonly costUsd: Float64Array;
  readonly counts: Uint8Array;
  readonly isRunning: Uint8Array;
  readonly linkTraces: ListColumn;
  readonly linkSpans: ListColumn;
}

/** Takes an answer to `map-spans.sql`. */
export function spanTable(bytes: Uint8Array): SpanTable {
  const table = new NativeTable(bytes);
  const columns = columnsOf(table);
  const traceIds = table.words("trace_id");
  const spanIds = table.words("span_id");
  const numbers = new TraceNumbers(table.rows);
  const traceOf = new Uint32Array(table.rows);
  for (let row = 0; row < table.rows; row++) traceOf[row] = numbers.add(traceIds, TRACE_WORDS * row);
  const list = eachOnce(columns, spanIds, traceOf, numbers.count);
  const places = new SpanPlaces(list, spanIds);
  const placeOf = (traceId: Uint8Array, spanId: Uint8Array): SpanPlace | undefined => {
    const trace = numbers.find(wordsOf(traceId));
    if (trace < 0) return undefined;
    const [low, high] = wordsOf(spanId);
    const place = places.find(trace, low!, high!);
    return place < 0 ? undefined : { trace, at: place - list.starts[trace]! };
  };
  return {
    read: table.rows,
    traceCount: numbers.count,
    ...list,
    parent: parentPlaces(list, places, spanIds, table.words("parent_span_id")),
    columns,
    traceIds,
    spanIds,
    placeOf,
  };
}

function columnsOf(table: NativeTable): SpanColumns {
  return {
    start: table.words("start_ns"),
    durationNs: table.integers("duration_ns"),
    name: table.texts("name"),
    kind: table.fixed("kind"),
    status: table.fixed("status_code"),
    service: table.texts("service_name"),
    type: table.texts("span_type"),
    agent: table.texts("agent_name"),
    tool: table.texts("tool_name"),
    model: table.texts("model"),
    inputTokens: table.words("input_tokens"),
    outputTokens: table.words("output_tokens"),
    cacheReadTokens: table.words("cache_read_tokens"),
    costUsd: table.numbers("cost_usd"),
    counts: table.fixed("usage_counts"),
    isRunning: table.fixed("is_running"),
    linkTraces: table.lists("link_traces"),
    linkSpans: table.lists("link_spans"),
  };
}

function wordsOf(id: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(id).buffer);
}
