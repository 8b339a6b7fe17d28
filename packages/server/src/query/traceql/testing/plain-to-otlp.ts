import type { AnyValue, KeyValue, ResourceSpans, Span } from "@clew/protocol/otlp/model";
import type { KindName, StatusName } from "@clew/protocol/traceql/ast";
import type {
  PlainAttributes,
  PlainSpan,
  PlainTrace,
  PlainValue,
} from "@clew/protocol/traceql/naive/plain-trace";

const KINDS: readonly KindName[] = ["unspecified", "internal", "server", "client", "producer", "consumer"];
const STATUSES: readonly StatusName[] = ["unset", "ok", "error"];

/** The trace as an SDK sends it, but for what Clew makes of attributes by itself. */
export function resourceSpansOf({ traceId, spans }: PlainTrace): ResourceSpans[] {
  return spans.map((span) => ({
    resource: { attributes: attributesOf(span.resource) },
    scopeSpans: [
      {
        scope: {
          name: span.instrumentation.name,
          version: span.instrumentation.version,
          attributes: attributesOf(span.instrumentation.attributes),
        },
        spans: [otlpSpan(traceId, span)],
      },
    ],
  }));
}

function otlpSpan(traceId: string, span: PlainSpan): Span {
  const isRunning = span.agent["agent:running"] === true;
  return {
    traceId,
    spanId: span.spanId,
    ...(span.parentSpanId !== "" && { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: KINDS.indexOf(span.kind),
    startTimeUnixNano: String(span.start),
    ...(!isRunning && { endTimeUnixNano: String(span.start + span.duration) }),
    status: { code: STATUSES.indexOf(span.status), message: span.statusMessage },
    attributes: attributesOf(span.attributes),
    events: span.events.map(({ name, time, attributes }) => ({
      name,
      timeUnixNano: String(time),
      attributes: attributesOf(attributes),
    })),
    links: span.links.map((link) => ({ ...link, attributes: attributesOf(link.attributes) })),
  };
}

export function attributesOf(attributes: PlainAttributes): KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValueOf(value) }));
}

function anyValueOf(value: PlainValue): AnyValue {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValueOf) } };
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "bigint":
      return { intValue: String(value) };
    case "boolean":
      return { boolValue: value };
    default:
      return {
        doubleValue: Number.isFinite(value)
          ? (value as number)
          : (String(value) as "NaN" | "Infinity" | "-Infinity"),
      };
  }
}
