import { RANDOM } from "@clew/protocol/context/traceparent";
import {
  type Context,
  context as contextApi,
  isSpanContextValid,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerOptions,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { hostIn, setDestination } from "./outgoing.ts";

/**
 * A provider whose spans say what the SDK's forget: the random flag of their trace, which the tracer clears, and
 * the host that they call, which spans that are not recorded have no attribute for.
 */
export class ContextTracerProvider implements TracerProvider {
  readonly #provider: TracerProvider;

  constructor(provider: TracerProvider) {
    this.#provider = provider;
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    const tracer = this.#provider.getTracer(name, version, options);
    const startSpan = (spanName: string, spanOptions?: SpanOptions, parent = contextApi.active()) => {
      const span = tracer.startSpan(spanName, spanOptions, parent);
      keepRandomFlag(span, spanOptions?.root ? undefined : parent);
      const host = hostIn(spanOptions?.kind, spanOptions?.attributes ?? {});
      if (host !== undefined) setDestination(span, host);
      return span;
    };
    return Object.create(tracer, { startSpan: { value: startSpan } }) as Tracer;
  }
}

/** Ids of traces that start here are random; whoever continues a trace copies the flag. */
function keepRandomFlag(span: Span, parent: Context | undefined): void {
  const own = span.spanContext();
  if (!isSpanContextValid(own)) return;
  const from = parent && trace.getSpanContext(parent);
  if (from?.traceId === own.traceId && (from.traceFlags & RANDOM) === 0) return;
  own.traceFlags |= RANDOM;
}
