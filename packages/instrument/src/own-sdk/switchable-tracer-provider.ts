import {
  type Context,
  context as contextApi,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerOptions,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";

/** A provider behind which another can be put while tracers that were handed out are in use. */
export class SwitchableTracerProvider implements TracerProvider {
  #current: TracerProvider;

  constructor(first: TracerProvider) {
    this.#current = first;
  }

  get current(): TracerProvider {
    return this.#current;
  }

  switchTo(provider: TracerProvider): void {
    this.#current = provider;
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    return new SwitchableTracer(this, (provider) => provider.getTracer(name, version, options));
  }
}

class SwitchableTracer implements Tracer {
  readonly #provider: SwitchableTracerProvider;
  readonly #tracerOf: (provider: TracerProvider) => Tracer;
  #from: TracerProvider | undefined;
  #tracer: Tracer | undefined;

  constructor(provider: SwitchableTracerProvider, tracerOf: (provider: TracerProvider) => Tracer) {
    this.#provider = provider;
    this.#tracerOf = tracerOf;
  }

  startSpan(name: string, options?: SpanOptions, parent?: Context): Span {
    return this.#current().startSpan(name, options, parent);
  }

  startActiveSpan(name: string, ...rest: unknown[]): never {
    const work = rest.at(-1) as (span: Span) => never;
    const options = (rest.length > 1 ? rest[0] : undefined) as SpanOptions | undefined;
    const parent = (rest.length > 2 ? rest[1] : contextApi.active()) as Context;
    const span = this.startSpan(name, options, parent);
    return contextApi.with(trace.setSpan(parent, span), work, undefined, span);
  }

  #current(): Tracer {
    const { current } = this.#provider;
    if (this.#tracer === undefined || this.#from !== current) {
      this.#from = current;
      this.#tracer = this.#tracerOf(current);
    }
    return this.#tracer;
  }
}
