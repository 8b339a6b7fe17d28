import type {
  InstrumentationScope,
  KeyValue,
  Resource,
  Span,
  SpanEvent,
  SpanLink,
  TracesData,
} from "../otlp/model.ts";
import { textOf } from "../otlp/tags.ts";
import { between, unixNanos } from "../time.ts";
import type { JaegerLog, JaegerProcess, JaegerReference, JaegerSpan, JaegerTrace } from "./jaeger-trace.ts";
import { writeJaegerTags } from "./write-jaeger-tag.ts";

const KINDS = ["", "internal", "server", "client", "producer", "consumer"];
const STATUSES = ["", "OK", "ERROR"];
const SAMPLED = 1;

/** What Jaeger calls the service of spans that name none. */
export const NO_SERVICE = "missing-service-name";

/**
 * The spans of one trace as Jaeger answers them, oldest first, after OpenTelemetry's "OpenTelemetry to Jaeger
 * Transformation". Scope, kind, status, trace state and dropped counts become tags; the parent becomes the first
 * reference, links the others; names of events become their field `event`.
 */
export function otlpToJaeger(trace: TracesData): JaegerTrace {
  const processes = new Processes();
  const spans: JaegerSpan[] = [];
  for (const { resource, scopeSpans = [] } of trace.resourceSpans ?? []) {
    const processID = processes.keyOf(resource);
    for (const { scope, spans: of = [] } of scopeSpans)
      for (const span of of) spans.push(spanOf(span, scope, processID));
  }
  spans.sort((a, b) => a.startTime - b.startTime);
  return { traceID: spans[0]?.traceID ?? "", spans, processes: processes.byKey, warnings: null };
}

/** A trace id without the first half when that is zero, as Jaeger writes ids of 64 bits. */
export function jaegerTraceId(traceId: string): string {
  return /^0{16}.{16}$/.test(traceId) ? traceId.slice(16) : traceId;
}

/** Processes, each once, under `p1`, `p2` and so on. */
class Processes {
  readonly byKey: Record<string, JaegerProcess> = {};
  readonly #keys = new Map<string, string>();

  keyOf(resource: Resource | undefined): string {
    const attributes = resource?.attributes ?? [];
    const service = attributes.find(({ key }) => key === "service.name");
    const process = {
      serviceName: textOf(service?.value) || NO_SERVICE,
      tags: writeJaegerTags(attributes.filter(({ key }) => key !== "service.name")),
    };
    const identity = JSON.stringify(process);
    const known = this.#keys.get(identity);
    if (known !== undefined) return known;
    const key = `p${this.#keys.size + 1}`;
    this.#keys.set(identity, key);
    this.byKey[key] = process;
    return key;
  }
}

function spanOf(span: Span, scope: InstrumentationScope | undefined, processID: string): JaegerSpan {
  const start = unixNanos(span.startTimeUnixNano ?? "0");
  const end = unixNanos(span.endTimeUnixNano ?? "0");
  const flags = (span.flags ?? 0) & SAMPLED;
  return {
    traceID: jaegerTraceId(span.traceId ?? ""),
    spanID: span.spanId ?? "",
    ...(flags !== 0 && { flags }),
    operationName: span.name ?? "",
    references: referencesOf(span),
    startTime: microsOf(start),
    duration: microsOf(between(start, end)),
    tags: writeJaegerTags(tagsOf(span, scope)),
    logs: (span.events ?? []).map(logOf),
    processID,
    warnings: null,
  };
}

function referencesOf({ traceId = "", parentSpanId, links = [] }: Span): JaegerReference[] {
  const references = links.map(
    (link): JaegerReference => ({
      refType: refTypeOf(link),
      traceID: jaegerTraceId(link.traceId ?? ""),
      spanID: link.spanId ?? "",
    }),
  );
  if (parentSpanId === undefined) return references;
  return [{ refType: "CHILD_OF", traceID: jaegerTraceId(traceId), spanID: parentSpanId }, ...references];
}

function refTypeOf({ attributes }: SpanLink): JaegerReference["refType"] {
  const type = attributes?.find(({ key }) => key === "opentracing.ref_type");
  return textOf(type?.value) === "child_of" ? "CHILD_OF" : "FOLLOWS_FROM";
}

function tagsOf(span: Span, scope: InstrumentationScope | undefined): KeyValue[] {
  const { status = {} } = span;
  return [
    ...text("otel.scope.name", scope?.name),
    ...text("otel.scope.version", scope?.version),
    ...(span.attributes ?? []),
    ...text("span.kind", KINDS[span.kind ?? 0]),
    ...text("otel.status_code", STATUSES[status.code ?? 0]),
    ...(status.code === 2 ? [{ key: "error", value: { boolValue: true } }] : []),
    ...text("otel.status_description", status.message),
    ...text("w3c.tracestate", span.traceState),
    ...count("otel.dropped_attributes_count", span.droppedAttributesCount),
    ...count("otel.dropped_events_count", span.droppedEventsCount),
    ...count("otel.dropped_links_count", span.droppedLinksCount),
  ];
}

function logOf({ timeUnixNano = "0", name, attributes = [], droppedAttributesCount }: SpanEvent): JaegerLog {
  const isNamed = attributes.some(({ key }) => key === "event");
  const fields = [
    ...(isNamed ? [] : text("event", name)),
    ...attributes,
    ...count("otel.dropped_attributes_count", droppedAttributesCount),
  ];
  return { timestamp: microsOf(unixNanos(timeUnixNano)), fields: writeJaegerTags(fields) };
}

function text(key: string, stringValue: string | undefined): KeyValue[] {
  return stringValue === undefined || stringValue === "" ? [] : [{ key, value: { stringValue } }];
}

function count(key: string, value: number | undefined): KeyValue[] {
  return value === undefined || value === 0 ? [] : [{ key, value: { intValue: String(value) } }];
}

function microsOf(nanos: bigint): number {
  return Number(nanos / 1000n);
}
