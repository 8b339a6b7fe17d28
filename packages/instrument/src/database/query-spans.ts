import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import type { Instrumentation } from "@opentelemetry/instrumentation";

/** Which spans of a database's instrumentation are kept, and how they are called. */
export interface QuerySpans {
  /** A span's name by the conventions; undefined drops the span. */
  readonly name?: (given: string, options: SpanOptions) => string | undefined;
}

/**
 * Lets an instrumentation start spans only inside a trace: pings, connections and polls of an idle agent would
 * each be a trace of their own.
 */
export function onlyInTraces(instrumentation: Instrumentation, spans: QuerySpans = {}): Instrumentation {
  const set = instrumentation.setTracerProvider.bind(instrumentation);
  instrumentation.setTracerProvider = (provider: TracerProvider) => {
    set({
      getTracer: (name, version, options) =>
        new InTraceTracer(provider.getTracer(name, version, options), spans),
    });
  };
  return instrumentation;
}

class InTraceTracer implements Tracer {
  readonly #inner: Tracer;
  readonly #spans: QuerySpans;

  constructor(inner: Tracer, spans: QuerySpans) {
    this.#inner = inner;
    this.#spans = spans;
  }

  startSpan(name: string, options: SpanOptions = {}, from: Context = context.active()): Span {
    const parent = trace.getSpanContext(from);
    const own = this.#spans.name === undefined ? name : this.#spans.name(name, options);
    if (parent === undefined || own === undefined)
      return trace.wrapSpanContext(parent ?? INVALID_SPAN_CONTEXT);
    return this.#inner.startSpan(own, options, from);
  }

  /** Instrumentations of databases do not use it: their spans are never active for a function. */
  startActiveSpan(...args: unknown[]): never {
    return (this.#inner.startActiveSpan as (...args: unknown[]) => never).apply(this.#inner, args);
  }
}
