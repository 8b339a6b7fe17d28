import {
  type Baggage,
  type Context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
} from "@opentelemetry/api";

/** What a span that handles several messages at once starts from. */
export interface Joined {
  readonly parent: Context;
  /** One for each message that came with a context; empty for a single message, which is continued instead. */
  readonly links: Link[];
}

/**
 * The context of a span over messages that came with contexts of their own. Messages of one trace continue it, so
 * that it stays one; those of several are only linked. Of their baggage it keeps what all of them say the same:
 * a session's id never gets onto work of another.
 */
export function joinContexts(contexts: readonly Context[]): Joined {
  const [first] = contexts;
  if (first === undefined) return { parent: ROOT_CONTEXT, links: [] };
  if (contexts.length === 1) return { parent: first, links: [] };
  const spans = contexts.map((each) => trace.getSpanContext(each)).filter((each) => each !== undefined);
  const links = spans.map((context) => ({ context }));
  const isOneTrace = spans.length === contexts.length && new Set(spans.map(traceId)).size === 1;
  const parent = isOneTrace ? trace.setSpanContext(ROOT_CONTEXT, spans[0]!) : ROOT_CONTEXT;
  const baggage = agreed(contexts.map((each) => propagation.getBaggage(each)));
  return { parent: baggage === undefined ? parent : propagation.setBaggage(parent, baggage), links };
}

function traceId(span: SpanContext): string {
  return span.traceId;
}

function agreed([first, ...others]: readonly (Baggage | undefined)[]): Baggage | undefined {
  let result = first;
  for (const [key, { value }] of first?.getAllEntries() ?? []) {
    if (others.some((each) => each?.getEntry(key)?.value !== value)) result = result?.removeEntry(key);
  }
  return result;
}
