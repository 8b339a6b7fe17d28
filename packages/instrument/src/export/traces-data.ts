import type {
  AnyValue,
  KeyValue,
  ResourceSpans,
  ScopeSpans,
  Span,
  TracesData,
} from "@clew/protocol/otlp/model";
import type { Attributes, AttributeValue, HrTime } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** Spans of one process as OTLP. */
export function tracesData(spans: readonly ReadableSpan[]): TracesData {
  const scopes = new Map<string, Span[]>();
  const result: ScopeSpans[] = [];
  for (const span of spans) {
    const { name, version = "", schemaUrl = "" } = span.instrumentationScope;
    const key = `${name}\n${version}\n${schemaUrl}`;
    let list = scopes.get(key);
    if (list === undefined) {
      list = [];
      scopes.set(key, list);
      result.push({ scope: { name, version }, schemaUrl, spans: list });
    }
    list.push(otlpSpan(span));
  }
  const resource = spans[0]?.resource;
  const resourceSpans: ResourceSpans = {
    resource: { attributes: resource === undefined ? [] : keyValues(resource.attributes as Attributes) },
    scopeSpans: result,
  };
  return { resourceSpans: [resourceSpans] };
}

function otlpSpan(span: ReadableSpan): Span {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const parent = span.parentSpanContext;
  return {
    traceId,
    spanId,
    traceState: traceState?.serialize() ?? "",
    ...(parent && { parentSpanId: parent.spanId }),
    flags: (traceFlags & 0xff) | HAS_IS_REMOTE | (parent?.isRemote === true ? IS_REMOTE : 0),
    name: span.name,
    kind: span.kind + 1,
    startTimeUnixNano: nanos(span.startTime),
    endTimeUnixNano: nanos(span.endTime),
    attributes: keyValues(span.attributes),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map((event) => ({
      timeUnixNano: nanos(event.time),
      name: event.name,
      attributes: keyValues(event.attributes ?? {}),
      droppedAttributesCount: event.droppedAttributesCount ?? 0,
    })),
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.map((link) => ({
      traceId: link.context.traceId,
      spanId: link.context.spanId,
      traceState: link.context.traceState?.serialize() ?? "",
      attributes: keyValues(link.attributes ?? {}),
      droppedAttributesCount: link.droppedAttributesCount ?? 0,
      flags:
        (link.context.traceFlags & 0xff) | HAS_IS_REMOTE | (link.context.isRemote === true ? IS_REMOTE : 0),
    })),
    droppedLinksCount: span.droppedLinksCount,
    status: { code: span.status.code, message: span.status.message ?? "" },
  };
}

function nanos([seconds, nanoseconds]: HrTime): string {
  return `${seconds}${String(nanoseconds).padStart(9, "0")}`;
}

function keyValues(attributes: Attributes): KeyValue[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValue(value) }],
  );
}

function anyValue(value: AttributeValue): AnyValue {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value))
    return { arrayValue: { values: value.map((element) => (element == null ? {} : anyValue(element))) } };
  return { stringValue: JSON.stringify(value) };
}
