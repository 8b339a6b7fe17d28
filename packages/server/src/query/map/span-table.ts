import { NO_PARENT, PARENT_MISSING } from "@clew/protocol/api/trace-columns";
import { bytesToHex } from "@clew/protocol/ids";
import { parentIndexes } from "../span-parents.ts";
import { IdPlaces } from "./id-places.ts";
import { type ListColumn, NativeTable, type TextColumn } from "./native-table.ts";

const TRACE_WORDS = 4;
const SPAN_WORDS = 2;

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
  readonly durationNs: BigInt64Array;
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
  const parentIds = table.words("parent_span_id");
  const { traceOf, traceCount } = tracesOf(traceIds, table.rows);
  const { rows, starts } = eachOnce(columns, spanIds, traceOf, traceCount);
  const traces = Uint32Array.from(rows, (row) => traceOf[row]!);
  const places = new IdPlaces(rows.length, 1 + SPAN_WORDS);
  const key = new Uint32Array(1 + SPAN_WORDS);
  const keyOf = (trace: number, ids: Uint32Array, row: number): Uint32Array => {
    key[0] = trace;
    key[1] = ids[row * SPAN_WORDS]!;
    key[2] = ids[row * SPAN_WORDS + 1]!;
    return key;
  };
  for (let at = 0; at < rows.length; at++) places.add(keyOf(traces[at]!, spanIds, rows[at]!), at);
  const parent = new Int32Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const wanted = keyOf(traces[at]!, parentIds, rows[at]!);
    const place = places.find(wanted);
    const isNamed = wanted[1] !== 0 || wanted[2] !== 0;
    parent[at] = !isNamed ? NO_PARENT : place < 0 ? PARENT_MISSING : place;
  }
  cutRings(parent, rows, starts, spanIds, parentIds);
  const traceNumbers = new IdPlaces(traceCount, TRACE_WORDS);
  for (let trace = 0; trace < traceCount; trace++) {
    const row = rows[starts[trace]!]!;
    traceNumbers.add(traceIds.subarray(row * TRACE_WORDS, (row + 1) * TRACE_WORDS), trace);
  }
  const placeOf = (traceId: Uint8Array, spanId: Uint8Array): SpanPlace | undefined => {
    const trace = traceNumbers.find(wordsOf(traceId));
    const place = trace < 0 ? -1 : places.find(keyOf(trace, wordsOf(spanId), 0));
    return place < 0 ? undefined : { trace, at: place - starts[trace]! };
  };
  return { read: table.rows, traceCount, rows, starts, parent, columns, traceIds, spanIds, placeOf };
}

function columnsOf(table: NativeTable): SpanColumns {
  return {
    start: table.words("start_ns"),
    durationNs: new BigInt64Array(table.fixed("duration_ns").buffer),
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

function tracesOf(ids: Uint32Array, count: number): { traceOf: Uint32Array; traceCount: number } {
  const traceOf = new Uint32Array(count);
  const known = new IdPlaces(count, TRACE_WORDS);
  let traceCount = 0;
  for (let row = 0; row < count; row++) {
    const id = ids.subarray(row * TRACE_WORDS, (row + 1) * TRACE_WORDS);
    const trace = known.add(id, traceCount);
    if (trace === traceCount) traceCount++;
    traceOf[row] = trace;
  }
  return { traceOf, traceCount };
}

/** Rows by trace, start and id, without those sent twice and what was told of spans that have ended since. */
function eachOnce(
  { start, durationNs, isRunning }: SpanColumns,
  spanIds: Uint32Array,
  traceOf: Uint32Array,
  traceCount: number,
): { rows: Uint32Array; starts: Uint32Array } {
  const first = new Uint32Array(traceCount + 1);
  for (const trace of traceOf) first[trace + 1]!++;
  for (let trace = 0; trace < traceCount; trace++) first[trace + 1]! += first[trace]!;
  const next = first.slice();
  const byTrace = new Uint32Array(traceOf.length);
  for (let row = 0; row < traceOf.length; row++) byTrace[next[traceOf[row]!]!++] = row;
  const ids = new DataView(spanIds.buffer);
  const isSame = (a: number, b: number): boolean =>
    start[2 * a] === start[2 * b] &&
    start[2 * a + 1] === start[2 * b + 1] &&
    spanIds[2 * a] === spanIds[2 * b] &&
    spanIds[2 * a + 1] === spanIds[2 * b + 1];
  const compare = (a: number, b: number): number =>
    start[2 * a + 1]! - start[2 * b + 1]! ||
    start[2 * a]! - start[2 * b]! ||
    // As their digits are sorted.
    ids.getUint32(8 * a) - ids.getUint32(8 * b) ||
    ids.getUint32(8 * a + 4) - ids.getUint32(8 * b + 4) ||
    isRunning[a]! - isRunning[b]! ||
    (durationNs[a]! < durationNs[b]! ? -1 : Number(durationNs[a]! > durationNs[b]!));
  const starts = new Uint32Array(traceCount + 1);
  let kept = 0;
  for (let trace = 0; trace < traceCount; trace++) {
    const rows = byTrace.subarray(first[trace]!, first[trace + 1]!).sort(compare);
    let last = -1;
    for (const row of rows) {
      const isAgain = last >= 0 && isSame(last, row);
      if (isAgain && (isRunning[row] === 1 || durationNs[last] === durationNs[row])) continue;
      // Never before the row that is read next.
      byTrace[kept++] = row;
      last = row;
    }
    starts[trace + 1] = kept;
  }
  return { rows: byTrace.subarray(0, kept), starts };
}

/** Where a parent comes after its child there may be a ring. */
function cutRings(
  parent: Int32Array,
  rows: Uint32Array,
  starts: Uint32Array,
  spanIds: Uint32Array,
  parentIds: Uint32Array,
): void {
  const hex = (ids: Uint32Array, row: number): string => bytesToHex(new Uint8Array(ids.buffer, 8 * row, 8));
  for (let trace = 0; trace + 1 < starts.length; trace++) {
    const from = starts[trace]!;
    const to = starts[trace + 1]!;
    let mayRing = false;
    for (let at = from; at < to; at++) mayRing ||= parent[at]! >= at;
    if (!mayRing) continue;
    const own = Array.from(rows.subarray(from, to));
    const cut = parentIndexes(
      own.map((row) => hex(spanIds, row)),
      own.map((row) => hex(parentIds, row)),
    );
    for (const [at, place] of cut.entries()) parent[from + at] = place < 0 ? place : from + place;
  }
}

function wordsOf(id: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(id).buffer);
}
