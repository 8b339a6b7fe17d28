import type { Store } from "../store/store.ts";
import { POINT_LOOKUP } from "./query-settings.ts";
import type { ResolvedTrace } from "./resolve-trace.ts";
import { fragment, statement } from "./sql.ts";

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

/**
 * The spans of a trace, the earliest first, those that start together by id; a span that was sent twice is there
 * once, and one that was told while it was running and has ended since as it ended. Of a trace with more than
 * `most` the earliest.
 */
export async function traceSpans(
  store: Store,
  trace: ResolvedTrace,
  most: number,
  signal?: AbortSignal,
): Promise<SpanColumns> {
  const order =
    trace.spanCount > most
      ? fragment`ORDER BY start_time, span_id LIMIT 1 BY span_id, start_time, duration_ns`
      : fragment``;
  const bytes = await store.queryBytes(statement("trace-spans", { order }), "JSONColumns", {
    parameters: { trace_id: trace.id, from_ns: trace.startNs, to_ns: trace.endNs, most },
    // Seconds, and lengths up to a hundred days in nanoseconds, are exact as numbers.
    settings: { ...POINT_LOOKUP, output_format_json_quote_64bit_integers: 0 },
    ...(signal && { signal }),
  });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  return inOrder(JSON.parse(text) as SpanColumns);
}

function inOrder(columns: SpanColumns): SpanColumns {
  const { id, start_s, start_ns, duration_ns, is_running } = columns;
  const compare = (a: number, b: number): number => {
    const difference = start_s[a]! - start_s[b]! || start_ns[a]! - start_ns[b]!;
    if (difference !== 0) return difference;
    return id[a] === id[b] ? duration_ns[a]! - duration_ns[b]! : id[a]! < id[b]! ? -1 : 1;
  };
  const rows = id.map((_, row) => row);
  const isReplaced = (row: number, next: number | undefined): boolean =>
    next !== undefined &&
    id[row] === id[next] &&
    start_s[row] === start_s[next] &&
    start_ns[row] === start_ns[next] &&
    is_running[row] === 1;
  if (rows.every((row) => row === 0 || (compare(row - 1, row) < 0 && !isReplaced(row - 1, row))))
    return columns;
  const kept = rows
    .sort(compare)
    .filter((row, at) => !isReplaced(row, rows[at + 1]) && (at === 0 || compare(rows[at - 1]!, row) !== 0));
  const picked = Object.entries(columns).map(([name, values]) => [name, kept.map((row) => values[row])]);
  return Object.fromEntries(picked) as SpanColumns;
}
