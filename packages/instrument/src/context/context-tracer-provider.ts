import { RANDOM } from "@clew/protocol/context/traceparent";
import {
  type Context,
  context as contextApi,
  INVALID_TRACEID,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerOptions,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
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
    return new ContextTracer(this.#provider.getTracer(name, version, options));
  }
}

class ContextTracer implements Tracer {
  readonly #tracer: Tracer;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  startSpan(name: string, options?: SpanOptions, parent = contextApi.active()): Span {
    const span = this.#tracer.startSpan(name, options, parent);
    attempt("context", () => {
      keepRandomFlag(span, options?.root ? undefined : parent);
      const host = hostIn(options?.kind, options?.attributes ?? {});
      if (host !== undefined) setDestination(span, host);
    });
    return span;
  }

  startActiveSpan(name: string, ...rest: unknown[]): never {
    const work = rest.at(-1) as (span: Span) => never;
    const options = (rest.length > 1 ? rest[0] : undefined) as SpanOptions | undefined;
    const parent = (rest.length > 2 ? rest[1] : contextApi.active()) as Context;
    const span = this.startSpan(name, options, parent);
    return contextApi.with(trace.setSpan(parent, span), work, undefined, span);
  }
}

/** Ids of traces that start here are random; whoever continues a trace copies the flag. */
function keepRandomFlag(span: Span, parent: Context | undefined): void {
  const own = span.spanContext();
  if (own.traceId === INVALID_TRACEID) return;
  const from = parent && trace.getSpanContext(parent);
  if (from?.traceId === own.traceId && (from.traceFlags & RANDOM) === 0) return;
  own.traceFlags |= RANDOM;
}
