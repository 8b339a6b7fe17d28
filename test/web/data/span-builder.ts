import { randomBytes } from "node:crypto";
import type { AnyValue, KeyValue, Span, SpanEvent, SpanLink, TracesData } from "@clew/protocol/otlp/model";

type Value = string | number | boolean;

/** A span as a test writes it; times are milliseconds after the trace's start. */
export interface SpanSketch {
  readonly name: string;
  readonly service: string;
  readonly at: number;
  readonly took: number;
  readonly parent?: string | undefined;
  readonly kind?: number;
  readonly attributes?: Readonly<Record<string, Value>>;
  readonly error?: string;
  readonly events?: readonly SpanEvent[];
  readonly links?: readonly SpanLink[];
}

/** One trace under construction. `add` returns the id of the span, for those below it. */
export class TraceBuilder {
  readonly traceId: string;
  readonly startMs: number;
  readonly #shared: Readonly<Record<string, Value>>;
  readonly #spans = new Map<string, Span[]>();

  /** `shared` is on every span, as correlation ids are. */
  constructor(
    startMs: number,
    shared: Readonly<Record<string, Value>> = {},
    traceId = randomBytes(16).toString("hex"),
  ) {
    this.traceId = traceId;
    this.startMs = startMs;
    this.#shared = shared;
  }

  add(sketch: SpanSketch): string {
    const spanId = randomBytes(8).toString("hex");
    const span: Span = {
      traceId: this.traceId,
      spanId,
      name: sketch.name,
      kind: sketch.kind ?? 1,
      startTimeUnixNano: nanos(this.startMs + sketch.at),
      endTimeUnixNano: nanos(this.startMs + sketch.at + sketch.took),
      attributes: attributesOf({ ...this.#shared, ...sketch.attributes }),
      ...(sketch.parent !== undefined && { parentSpanId: sketch.parent }),
      ...(sketch.error !== undefined && { status: { code: 2, message: sketch.error } }),
      ...(sketch.events && { events: [...sketch.events] }),
      ...(sketch.links && { links: [...sketch.links] }),
    };
    this.#spans.set(sketch.service, [...(this.#spans.get(sketch.service) ?? []), span]);
    return spanId;
  }

  build(): TracesData {
    return {
      resourceSpans: [...this.#spans].map(([service, spans]) => ({
        resource: { attributes: attributesOf({ "service.name": service, "service.version": "1.4.0" }) },
        scopeSpans: [{ scope: { name: "clew.test", version: "1.0.0" }, spans }],
      })),
    };
  }
}

export function nanos(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}

export function attributesOf(values: Readonly<Record<string, Value>>): KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: Value): AnyValue {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
