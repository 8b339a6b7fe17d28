import {
  type Context,
  ROOT_CONTEXT,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";

const W3C = new Set(["traceparent", "tracestate", "baggage"]);

/**
 * W3C's headers are ours; what else the agent's own propagator writes or understands, B3 for example, is its own.
 * It cannot take apart what we decide not to send.
 */
export class SharedPropagator implements TextMapPropagator {
  readonly #ours: TextMapPropagator;
  #own: TextMapPropagator | undefined;

  constructor(ours: TextMapPropagator) {
    this.#ours = ours;
  }

  shareWith(own: TextMapPropagator): void {
    const more = own.fields().some((field) => !W3C.has(field.toLowerCase()));
    this.#own = more && own !== this ? own : undefined;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    this.#ours.inject(context, carrier, setter);
    this.#own?.inject(context, carrier, {
      set: (to, key, value) => {
        if (!W3C.has(key.toLowerCase())) setter.set(to, key, value);
      },
    });
  }

  /** Ours goes first where a request carries both. */
  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const ours = this.#ours.extract(context, carrier, getter);
    if (this.#own === undefined) return ours;
    const found = trace.getSpanContext(ours);
    if (found !== undefined && found !== trace.getSpanContext(context)) return ours;
    const own = trace.getSpan(this.#own.extract(ROOT_CONTEXT, carrier, getter));
    return own === undefined ? ours : trace.setSpan(ours, own);
  }

  fields(): string[] {
    return [...new Set([...this.#ours.fields(), ...(this.#own?.fields() ?? [])])];
  }
}
