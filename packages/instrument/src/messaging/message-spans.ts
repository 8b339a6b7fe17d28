import {
  type Attributes,
  type Context,
  context,
  type Link,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { joinContexts } from "./joined-context.ts";

/** A span under way, and the context in which the work it stands for runs. */
export interface Started {
  readonly span: Span;
  readonly context: Context;
}

/** What a span says about messages, in the names of OpenTelemetry's conventions for messaging. */
export interface MessageFacts {
  /** `messaging.system` */
  readonly system: string;
  /** Queue, topic, stream or subject; unknown for nobody but a broken caller. */
  readonly destination: string;
  /** The library's or protocol's own word, such as `publish`; it starts the span's name. */
  readonly operation: string;
  readonly attributes?: Attributes;
}

/** Starts the PRODUCER span of sending one message or several that share a context. */
export function startSend(tracer: Tracer, facts: MessageFacts, parent = context.active()): Started {
  return start(tracer, facts, "send", SpanKind.PRODUCER, parent, []);
}

/** Starts the CONSUMER span of handling messages, in the contexts that came with them. */
export function startProcess(tracer: Tracer, facts: MessageFacts, contexts: readonly Context[]): Started {
  const { parent, links } = joinContexts(contexts);
  return start(tracer, facts, "process", SpanKind.CONSUMER, parent, links);
}

/**
 * Records that messages were fetched by a caller that goes on by itself: a CONSUMER span with a link to each of
 * them. It belongs to the trace of the caller; a caller without one continues that of its messages. Call it when
 * they are there: a poll that waits in vain leaves no span. The context it returns is for messages that came
 * without one.
 */
export function recordReceive(
  tracer: Tracer,
  facts: MessageFacts,
  contexts: readonly Context[],
  caller = context.active(),
): Context {
  // Outside of everything a process continues whoever started it, but messages are more than that.
  const isInTrace = trace.getSpanContext(caller)?.isRemote === false;
  const { parent, links } = joinContexts(contexts);
  const own = contexts.map((each) => trace.getSpanContext(each)).filter((each) => each !== undefined);
  const from = isInTrace ? caller : parent;
  const to = links.length === 0 ? own.map((each) => ({ context: each })) : links;
  const received = start(tracer, facts, "receive", SpanKind.CONSUMER, from, to);
  received.span.end();
  return received.context;
}

function start(
  tracer: Tracer,
  { system, destination, operation, attributes }: MessageFacts,
  type: string,
  kind: SpanKind,
  parent: Context,
  links: Link[],
): Started {
  const span = tracer.startSpan(
    `${operation} ${destination}`,
    {
      kind,
      links,
      attributes: {
        "messaging.system": system,
        "messaging.operation.name": operation,
        "messaging.operation.type": type,
        "messaging.destination.name": destination,
        ...attributes,
      },
    },
    parent,
  );
  return { span, context: trace.setSpan(parent, span) };
}

/** Says that the work of a span failed. */
export function markFailed(span: Span, error: unknown): void {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  span.setAttribute("error.type", name || "_OTHER");
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

function fail(span: Span, error: unknown): void {
  markFailed(span, error);
  span.end();
}

/**
 * Runs the work of a span in its context, and ends it when the work returns or its promise settles. The promise
 * is handed on as a new one: whoever ignores its rejection still hears of it.
 */
export function runIn<Result>({ span, context: own }: Started, work: () => Result): Result {
  let result: Result;
  try {
    result = context.with(own, work);
  } catch (error) {
    fail(span, error);
    throw error;
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  return result.then(
    (value) => {
      span.end();
      return value;
    },
    (error) => {
      fail(span, error);
      throw error;
    },
  ) as Result;
}
