import type { MatchedSpan, SearchItem, SpanSet } from "@clew/protocol/api/search";
import type { KeyValue } from "@clew/protocol/otlp/model";
import { printField } from "@clew/protocol/traceql/print";
import type { Store } from "../../store/store.ts";
import { POINT_LOOKUP } from "../query-settings.ts";
import { statement } from "../sql.ts";
import type { TraceCursor } from "../trace-cursor.ts";
import { msOf, traceItems } from "../trace-items.ts";
import { TraceSearch } from "../trace-search.ts";
import type { SpanMatch, SpansetMatch } from "./judge-trace.ts";
import type { PartialReason } from "./search-budget.ts";
import { type SearchRequest, searchTraces, type TraceMatch } from "./search-traces.ts";
import { shownValue } from "./shown-value.ts";

export interface SearchResult {
  readonly items: readonly SearchItem[];
  readonly partial?: PartialReason;
  readonly next?: TraceCursor;
}

const MOST_SPANSETS = 100;

/** The newest traces that a query matches, as they are shown. */
export async function search(store: Store, request: SearchRequest): Promise<SearchResult> {
  const { query, signal } = request;
  const { matches: found, partial, next } = await searchTraces(store, request);
  const lists = await TraceSearch.prepare(store, {}, signal);
  const [lines, names] = await Promise.all([
    traceItems(
      lists,
      found.map(({ summary }) => summary),
    ),
    namesOf(store, found, signal),
  ]);
  const items = found.map(({ traceId, spansets }, index): SearchItem => {
    const spanSets = spansets
      .slice(0, MOST_SPANSETS)
      .map((spanset) => shownSpanset(query, traceId, spanset, names));
    return { ...lines[index]!, spanSets, spanSetCount: spansets.length };
  });
  return { items, ...(partial && { partial }), ...(next && { next }) };
}

interface SpanName {
  readonly trace: string;
  readonly span: string;
  readonly span_name: string;
  readonly service: string;
}

/** Names by trace and span; a span that was sent with several has one of them. */
async function namesOf(
  store: Store,
  matches: readonly TraceMatch[],
  signal: AbortSignal | undefined,
): Promise<Map<string, SpanName>> {
  const shown = matches.flatMap(({ traceId, spansets }) =>
    spansets.slice(0, MOST_SPANSETS).flatMap(({ spans }) => spans.map((span) => ({ traceId, ...span }))),
  );
  if (shown.length === 0) return new Map();
  const starts = shown.map(({ startNs }) => startNs).sort((a, b) => (a < b ? -1 : Number(a > b)));
  const rows = await store.query<SpanName>(statement("traceql-span-names"), {
    parameters: {
      traces: [...new Set(shown.map(({ traceId }) => traceId))],
      spans: [...new Set(shown.map(({ spanId }) => spanId))],
      from_ns: starts[0]!,
      to_ns: starts.at(-1)!,
    },
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
  return new Map(rows.map((row) => [`${row.trace} ${row.span}`, row]));
}

function shownSpanset(
  query: string,
  traceId: string,
  { groups, count, spans }: SpansetMatch,
  names: ReadonlyMap<string, SpanName>,
): SpanSet {
  const attributes = groups.map(({ by, value }): KeyValue => {
    const shown = shownValue(value);
    return { key: `by(${query.slice(by.start, by.end)})`, ...(shown && { value: shown }) };
  });
  return {
    matched: count,
    attributes,
    spans: spans.map((span) => shownSpan(span, names.get(`${traceId} ${span.spanId}`))),
  };
}

function shownSpan(
  { spanId, startNs, durationNs, selected }: SpanMatch,
  name: SpanName | undefined,
): MatchedSpan {
  return {
    spanId,
    name: name?.span_name ?? "",
    service: name?.service ?? "",
    startNanos: String(startNs),
    startMs: msOf(startNs),
    durMs: msOf(durationNs),
    attributes: selected.flatMap(({ field, value }): KeyValue[] => {
      const shown = shownValue(value);
      return shown === undefined ? [] : [{ key: printField(field), value: shown }];
    }),
  };
}
