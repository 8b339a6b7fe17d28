import { plainValue } from "../genai/plain-value.ts";
import type { AnyValue, InstrumentationScope, KeyValue, Span, SpanEvent, TracesData } from "../otlp/model.ts";
import { textOf } from "../otlp/tags.ts";
import { between, unixNanos } from "../time.ts";
import { localEndpoint, remoteEndpoint } from "./zipkin-endpoints.ts";
import type { ZipkinJsonSpan } from "./zipkin-json.ts";

const KINDS = [undefined, undefined, "SERVER", "CLIENT", "PRODUCER", "CONSUMER"] as const;
const STATUSES = ["", "OK", "ERROR"];
const CLIENT = 3;
const PRODUCER = 4;

/**
 * Spans as Zipkin's v2 API answers them, oldest first, after OpenTelemetry's "OpenTelemetry to Zipkin
 * Transformation": names of spans and services in lower case, attributes of span and resource as tags (of equal keys
 * the span's), an error as the tag `error`, events as annotations. Links become `otlp.link.N` tags, as the
 * Collector writes them.
 */
export function otlpToZipkin(trace: TracesData): ZipkinJsonSpan[] {
  const spans: ZipkinJsonSpan[] = [];
  for (const { resource, scopeSpans = [] } of trace.resourceSpans ?? []) {
    for (const { scope, spans: of = [] } of scopeSpans)
      for (const span of of) spans.push(spanOf(span, scope, resource?.attributes ?? []));
  }
  return spans.sort((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0));
}

/** A trace id without the first half when that is zero, which is how Zipkin knows ids of 64 bits. */
export function zipkinTraceId(traceId: string): string {
  return /^0{16}.{16}$/.test(traceId) ? traceId.slice(16) : traceId;
}

function spanOf(
  span: Span,
  scope: InstrumentationScope | undefined,
  resource: readonly KeyValue[],
): ZipkinJsonSpan {
  const { attributes = [], events = [] } = span;
  const start = unixNanos(span.startTimeUnixNano ?? "0");
  const duration = between(start, unixNanos(span.endTimeUnixNano ?? "0"));
  const kind = KINDS[span.kind ?? 0];
  const service = textOf(resource.find(({ key }) => key === "service.name")?.value) ?? "";
  const local = localEndpoint(service, attributes);
  const remote = remoteEndpoint(attributes, span.kind === CLIENT || span.kind === PRODUCER);
  const tags = tagsOf(span, scope, resource);
  return {
    traceId: zipkinTraceId(span.traceId ?? ""),
    ...(span.parentSpanId !== undefined && { parentId: span.parentSpanId }),
    id: span.spanId ?? "",
    ...(kind !== undefined && { kind }),
    ...(span.name !== undefined && { name: span.name.toLowerCase() }),
    ...(start > 0n && { timestamp: Number(start / 1000n) }),
    duration: Math.max(1, Number(duration / 1000n)),
    ...(local && { localEndpoint: local }),
    ...(remote && { remoteEndpoint: remote }),
    ...(events.length > 0 && { annotations: events.map(annotationOf) }),
    ...(tags.size > 0 && { tags: Object.fromEntries(tags) }),
    ...(tags.get("zipkin.debug") === "true" && { debug: true as const }),
  };
}

function tagsOf(
  span: Span,
  scope: InstrumentationScope | undefined,
  resource: readonly KeyValue[],
): Map<string, string> {
  const tags = new Map<string, string>();
  const set = (key: string, text: string | number | undefined) => {
    if (text !== undefined && text !== "" && text !== 0) tags.set(key, String(text));
  };
  for (const { key = "", value } of resource) if (key !== "service.name") tags.set(key, attributeText(value));
  for (const { key = "", value } of span.attributes ?? []) tags.set(key, attributeText(value));
  set("otel.scope.name", scope?.name);
  set("otel.scope.version", scope?.version);
  set("w3c.tracestate", span.traceState);
  set("otel.status_code", STATUSES[span.status?.code ?? 0]);
  if (span.status?.code === 2) set("error", span.status.message ?? "true");
  set("otel.dropped_attributes_count", span.droppedAttributesCount);
  set("otel.dropped_events_count", span.droppedEventsCount);
  set("otel.dropped_links_count", span.droppedLinksCount);
  span.links?.forEach((link, index) => {
    const { traceId = "", spanId = "", traceState = "", attributes, droppedAttributesCount = 0 } = link;
    const fields = [traceId, spanId, traceState, attributesJson(attributes), droppedAttributesCount];
    set(`otlp.link.${index}`, fields.join("|"));
  });
  return tags;
}

function annotationOf({ timeUnixNano = "0", name = "", attributes = [] }: SpanEvent) {
  const value = attributes.length === 0 ? name : `${JSON.stringify(name)}: ${attributesJson(attributes)}`;
  return { timestamp: Number(unixNanos(timeUnixNano) / 1000n), value };
}

function attributesJson(attributes: readonly KeyValue[] | undefined): string {
  return JSON.stringify(plainValue({ kvlistValue: { values: [...(attributes ?? [])] } }));
}

/** Scalars as their text, bytes as base64, lists and maps as JSON, no value as empty text. */
function attributeText(value: AnyValue | undefined): string {
  const plain = plainValue(value);
  return textOf(value) ?? (typeof plain === "object" ? JSON.stringify(plain) : String(plain ?? ""));
}
