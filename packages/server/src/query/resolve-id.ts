import type { ResolveAnswer, ResolvedId, ResolvedKind } from "@clew/protocol/api/resolve";
import type { Store } from "../store/store.ts";
import { POINT_LOOKUP, SCAN } from "./query-settings.ts";
import { readTraceReference } from "./read-trace-reference.ts";
import { statement } from "./sql.ts";
import { END_OF_TIME_S, timeWindows } from "./time-windows.ts";

const MOST_TRACES = 5;
const MOST_SPANS = 5;
/** No index knows the ids of spans: they are looked for from the newest on, for at most so long. */
const SPAN_SEARCH_MS = 3000;
const KINDS: readonly ResolvedKind[] = ["session", "conversation", "task", "testCase", "testRun", "user"];

/**
 * What is stored under an id: traces that have it or begin with it, spans, and sessions, tasks and the like. Ids of
 * traces and spans are also read from a `traceparent` header, from a B3 header and from AWS X-Ray's form.
 */
export async function resolveId(store: Store, text: string, signal?: AbortSignal): Promise<ResolveAnswer> {
  // Spans without an id of some kind have empty text there.
  if (text === "") return NO_SPANS;
  const { tracePrefix, spanId } = readTraceReference(text);
  const [traces, spans, kinds] = await Promise.all([
    tracePrefix === undefined ? [] : tracesWith(store, tracePrefix, signal),
    spanId === undefined ? NO_SPANS : spansWith(store, spanId, signal),
    kindsOf(store, text, signal),
  ]);
  const others = KINDS.filter((kind) => kinds.has(kind)).map((kind): ResolvedId => ({ kind, id: text }));
  // A header names both; then the span is what is meant.
  const inTrace = spans.items.filter(({ traceId }) => traces.some(({ id }) => id === traceId));
  const named = inTrace.length > 0 ? inTrace : spans.items;
  return { items: [...named, ...traces, ...others], isComplete: spans.isComplete };
}

const NO_SPANS = { items: [] as readonly ResolvedId[], isComplete: true };

async function tracesWith(store: Store, prefix: string, signal?: AbortSignal): Promise<ResolvedId[]> {
  const rows = await store.query<{ id: string }>(statement("traces-with-prefix"), {
    parameters: { first: prefix.padEnd(32, "0"), last: prefix.padEnd(32, "f"), most: MOST_TRACES },
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
  return rows.map(({ id }) => ({ kind: "trace", id }));
}

async function spansWith(store: Store, spanId: string, signal?: AbortSignal): Promise<typeof NO_SPANS> {
  const late = AbortSignal.timeout(SPAN_SEARCH_MS);
  const either = signal === undefined ? late : AbortSignal.any([signal, late]);
  try {
    for await (const { from, to } of timeWindows(store, { to: END_OF_TIME_S, floor: 0, signal: either })) {
      const rows = await store.query<{ trace_id: string }>(statement("spans-with-id"), {
        parameters: { span_id: spanId, from_s: from, to_s: to, most: MOST_SPANS },
        settings: SCAN,
        signal: either,
      });
      if (rows.length === 0) continue;
      return {
        items: rows.map((row) => ({ kind: "span" as const, id: spanId, traceId: row.trace_id })),
        isComplete: true,
      };
    }
    return NO_SPANS;
  } catch (error) {
    if (late.aborted && signal?.aborted !== true) return { ...NO_SPANS, isComplete: false };
    throw error;
  }
}

async function kindsOf(store: Store, id: string, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  const rows = await store.query<{ kind: string }>(statement("ids-resolve"), {
    parameters: { id },
    settings: { ...POINT_LOOKUP, max_threads: 2, max_block_size: 8192 },
    ...(signal && { signal }),
  });
  return new Set(rows.map(({ kind }) => kind));
}
