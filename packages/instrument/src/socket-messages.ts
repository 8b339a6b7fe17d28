import { EventEmitter } from "node:events";
import { types } from "node:util";
import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { attempt } from "./attempt.ts";

/** A connection over which messages come, as its server sees it. */
export interface Connection {
  /** Of the request that opened it: its span, and the ids it brought. */
  readonly context: Context;
  /** Whether that request continued a trace of its client's. */
  readonly continues: boolean;
}

type Listener = (this: unknown, ...args: unknown[]) => unknown;
type On = (this: unknown, event: string | symbol, listener: Listener) => unknown;

/** Promises of the listeners of the message that is being emitted. */
let running: PromiseLike<unknown>[] | undefined;

/**
 * Emits one message inside a span, which ends when the promises of its listeners settle.
 *
 * A client that is traced gets all in its own trace: the span is a child of the connection's. Behind any other
 * client, such as a browser that stays for hours, every message is a trace of its own that is linked to the
 * connection. The ids that the opening request brought hold either way.
 */
export function emitMessage<T>(
  tracer: Tracer,
  connection: Connection,
  name: string,
  attributes: Attributes,
  emit: () => T,
): T {
  const started = attempt("socket", () => startSpan(tracer, connection, name, attributes));
  if (started === undefined) return emit();
  const { span, parent } = started;
  const outer = running;
  const promises: PromiseLike<unknown>[] = [];
  running = promises;
  try {
    return context.with(trace.setSpan(parent, span), emit);
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    running = outer;
    endWith(span, promises);
  }
}

function startSpan(tracer: Tracer, connection: Connection, name: string, attributes: Attributes) {
  const opened = trace.getSpanContext(connection.context);
  const parent = connection.continues ? connection.context : trace.deleteSpan(connection.context);
  const links = connection.continues || opened === undefined ? [] : [{ context: opened }];
  const span = tracer.startSpan(name, { kind: SpanKind.CONSUMER, attributes, links }, parent);
  return { span, parent };
}

function endWith(span: Span, promises: readonly PromiseLike<unknown>[]): void {
  if (promises.length === 0) span.end();
  else void Promise.allSettled(promises).then(() => span.end());
}

/**
 * Has the promises of listeners known to the span of their message: an emitter drops what listeners return.
 * Listeners are found and removed as before, by their own identity.
 */
export function watchListeners(prototype: object, isMessage: (event: string | symbol) => boolean): void {
  const methods = prototype as Record<string, On>;
  for (const name of ["on", "addListener", "prependListener"]) {
    const original = methods[name];
    if (typeof original !== "function") continue;
    methods[name] = function (event, listener) {
      const watched = typeof listener === "function" && isMessage(event) ? watch(listener) : listener;
      return original.call(this, event, watched);
    };
  }
}

function watch(listener: Listener): Listener {
  // It is one of `once`, which the emitter removes by this very function.
  if ("listener" in listener) return listener;
  const watched: Listener = function (...args) {
    const result = listener.apply(this, args);
    // An emitter that captures rejections handles them: they must not go on as well.
    if (running !== undefined && types.isPromise(result) && !EventEmitter.captureRejections)
      running.push(observed(result));
    return result;
  };
  return Object.assign(watched, { listener });
}

/** A rejection that nobody handles stays one: it goes on in the promise that this returns. */
function observed(result: Promise<unknown>): Promise<unknown> {
  const span = trace.getActiveSpan();
  void result.then(undefined, (error: unknown) => {
    if (span !== undefined) fail(span, error);
    throw error;
  });
  return result;
}

function fail(span: Span, error: unknown): void {
  span.recordException(error instanceof Error ? error : String(error));
  span.setAttribute("error.type", error instanceof Error ? error.name : "error");
  span.setStatus({
    code: SpanStatusCode.ERROR,
    message: error instanceof Error ? error.message : String(error),
  });
}
