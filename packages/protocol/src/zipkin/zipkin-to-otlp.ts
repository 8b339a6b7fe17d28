import { BadSpan } from "../otlp/foreign-fields.ts";
import { type ForeignSpans, type RejectedSpan, SpanGroups } from "../otlp/foreign-spans.ts";
import { describeJson, MalformedJson } from "../otlp/malformed-json.ts";
import type { AnyValue, KeyValue, Resource, Span, SpanEvent } from "../otlp/model.ts";
import { readTags } from "../otlp/tags.ts";
import { sharedSpanId } from "./shared-span-id.ts";
import { readZipkinSpan, type ZipkinAnnotation, type ZipkinSpan } from "./zipkin-span.ts";

const KINDS: Readonly<Record<string, number>> = { SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 };
const INTERNAL = 1;

/**
 * Zipkin's v2 JSON, parsed (`parseJsonText`), as OTLP, after OpenTelemetry's "OpenTelemetry to Zipkin
 * Transformation" read backwards. Throws `MalformedJson` when it is no array.
 *
 * Zipkin lets a server go on with the client's span id; OTLP does not:
 *
 *     Zipkin   client A ── server A (shared) ── child, parent A
 *     OTLP     client A ── server B, parent A ── child, parent B
 *
 * B is the same for the same span however often it is sent. A child sent apart from its server keeps parent A.
 */
export function zipkinToOtlp(spans: unknown): ForeignSpans {
  if (!Array.isArray(spans))
    throw new MalformedJson(`expected an array of spans, came ${describeJson(spans)}`);
  const rejected: RejectedSpan[] = [];
  const read: ZipkinSpan[] = [];
  for (const [index, value] of spans.entries()) {
    try {
      read.push(readZipkinSpan(value));
    } catch (error) {
      if (!(error instanceof BadSpan)) throw error;
      rejected.push({ index, reason: error.message });
    }
  }
  const servers = sharedServers(read);
  const groups = new SpanGroups();
  const resources = new Map<string, Resource>();
  for (const span of read) {
    const { serviceName } = span.local;
    let resource = resources.get(serviceName);
    if (resource === undefined) resources.set(serviceName, (resource = resourceOf(serviceName)));
    const { attributes, scope, fields } = readTags(
      span.tags.map(([key, stringValue]) => text(key, stringValue)),
    );
    attributes.push(...endpointAttributes(span, attributes));
    const own: Span = {
      ...idsOf(span, servers),
      ...(span.name !== "" && { name: span.name }),
      startTimeUnixNano: span.startTimeUnixNano,
      endTimeUnixNano: span.endTimeUnixNano,
      ...(span.annotations.length > 0 && { events: span.annotations.map(eventOf) }),
      ...(attributes.length > 0 && { attributes }),
    };
    groups.add(resource, scope, {
      ...own,
      ...fields,
      kind: KINDS[span.kind ?? ""] ?? fields.kind ?? INTERNAL,
    });
  }
  return { data: groups.data(), rejected };
}

/** Span ids of servers that shared their client's, by what identifies them in Zipkin. */
type SharedServers = ReadonlyMap<string, string>;

function serverKey(traceId: string, id: string, serviceName: string): string {
  return `${traceId} ${id} ${serviceName}`;
}

/** A server shares when it says so, and also when its client in the same request shows it. */
function sharedServers(spans: readonly ZipkinSpan[]): SharedServers {
  const clients = new Set(
    spans.filter(({ kind }) => kind === "CLIENT").map(({ traceId, id }) => `${traceId} ${id}`),
  );
  const servers = new Map<string, string>();
  for (const { traceId, id, kind, shared, local } of spans) {
    if (kind !== "SERVER" || !(shared || clients.has(`${traceId} ${id}`))) continue;
    servers.set(serverKey(traceId, id, local.serviceName), sharedSpanId(traceId, id, local.serviceName));
  }
  return servers;
}

function idsOf(span: ZipkinSpan, servers: SharedServers): Pick<Span, "traceId" | "spanId" | "parentSpanId"> {
  const { traceId, id, parentId, local } = span;
  const own = span.kind === "SERVER" ? servers.get(serverKey(traceId, id, local.serviceName)) : undefined;
  if (own !== undefined) return { traceId, spanId: own, parentSpanId: id };
  if (parentId === undefined) return { traceId, spanId: id };
  const server = servers.get(serverKey(traceId, parentId, local.serviceName));
  return { traceId, spanId: id, parentSpanId: server ?? parentId };
}

function resourceOf(serviceName: string): Resource {
  return serviceName === "" ? {} : { attributes: [text("service.name", serviceName)] };
}

function endpointAttributes({ local, remote, debug }: ZipkinSpan, tags: readonly KeyValue[]): KeyValue[] {
  const named = tags.some(({ key }) => key === "service.peer.name" || key === "peer.service");
  const found: KeyValue[] = [];
  if (remote.serviceName !== "" && !named) found.push(text("service.peer.name", remote.serviceName));
  if (remote.address !== "") found.push(text("network.peer.address", remote.address));
  if (remote.port !== 0) found.push(attribute("network.peer.port", { intValue: String(remote.port) }));
  if (local.address !== "") found.push(text("network.local.address", local.address));
  if (local.port !== 0) found.push(attribute("network.local.port", { intValue: String(local.port) }));
  if (debug) found.push(attribute("zipkin.debug", { boolValue: true }));
  return found.filter(({ key }) => !tags.some((tag) => tag.key === key));
}

/** OpenTelemetry's exporters write an event that has attributes as `"name": {"key": "value"}`. */
const EVENT = /^("(?:[^"\\]|\\.)*")\s*:\s*(\{.*\})$/s;

/** Longer annotations are somebody's own text, and matching them costs. */
const LONGEST_EVENT = 65_536;

function eventOf({ time, value }: ZipkinAnnotation): SpanEvent {
  const timeUnixNano = String(time);
  const match = value.length <= LONGEST_EVENT ? EVENT.exec(value) : null;
  if (match !== null) {
    try {
      const name = String(JSON.parse(match[1]!));
      const attributes = Object.entries(JSON.parse(match[2]!) as object).map(([key, item]) =>
        attribute(key, fromJson(item)),
      );
      return { timeUnixNano, name, ...(attributes.length > 0 && { attributes }) };
    } catch {
      // Text that only looks like it is a name.
    }
  }
  return { timeUnixNano, ...(value !== "" && { name: value }) };
}

function fromJson(value: unknown): AnyValue {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Number.isSafeInteger(value)) return { intValue: String(value) };
  if (typeof value === "number") return { doubleValue: value };
  return { stringValue: JSON.stringify(value) };
}

function attribute(key: string, value: AnyValue): KeyValue {
  return { key, value };
}

function text(key: string, stringValue: string): KeyValue {
  return attribute(key, { stringValue });
}
