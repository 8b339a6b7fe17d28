import { id, list, micros, record, text, timesOf, wrong } from "../otlp/foreign-fields.ts";

/** A span of Zipkin's v2 JSON whose fields were checked; times in nanoseconds. */
export interface ZipkinSpan {
  /** 32 lower-case hex digits; ids of 64 bits have zeros in front. */
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly kind: string | undefined;
  readonly name: string;
  /** Since the epoch; where the span has none, that of its first annotation. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly local: ZipkinEndpoint;
  readonly remote: ZipkinEndpoint;
  readonly annotations: readonly ZipkinAnnotation[];
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly shared: boolean;
  readonly debug: boolean;
}

export interface ZipkinAnnotation {
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly value: string;
}

export interface ZipkinEndpoint {
  /** Empty when unknown. */
  readonly serviceName: string;
  /** IPv4 where both are given; empty when unknown. */
  readonly address: string;
  /** 0 when unknown. */
  readonly port: number;
}

/** Throws `BadSpan`. */
export function readZipkinSpan(value: unknown): ZipkinSpan {
  const span = record("", value);
  const annotations = list("annotations", span.annotations).map((entry, index) => {
    const annotation = record(`annotations[${index}]`, entry);
    return {
      time: micros(`annotations[${index}].timestamp`, annotation.timestamp),
      value: text(`annotations[${index}].value`, annotation.value),
    };
  });
  const parentId = span.parentId === "" ? undefined : (span.parentId ?? undefined);
  return {
    traceId: id("traceId", span.traceId, 32),
    id: id("id", span.id, 16),
    parentId: parentId === undefined ? undefined : id("parentId", parentId, 16),
    kind: text("kind", span.kind).toUpperCase() || undefined,
    name: text("name", span.name),
    ...timesOf(startOf(span.timestamp, annotations), micros("duration", span.duration ?? 0)),
    local: endpoint("localEndpoint", span.localEndpoint),
    remote: endpoint("remoteEndpoint", span.remoteEndpoint),
    annotations,
    tags: tagTexts(span.tags),
    shared: span.shared === true,
    debug: span.debug === true,
  };
}

function startOf(timestamp: unknown, annotations: readonly ZipkinAnnotation[]): bigint {
  // Zipkin writes 0 for a time it does not know.
  const known = timestamp !== undefined && timestamp !== null && timestamp !== 0;
  const [first] = annotations.map(({ time }) => time).sort((a, b) => (a < b ? -1 : 1));
  return known || first === undefined ? micros("timestamp", timestamp ?? undefined) : first;
}

function endpoint(path: string, value: unknown): ZipkinEndpoint {
  const fields = value === undefined || value === null ? {} : record(path, value);
  const port = Number(fields.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw wrong(`${path}.port`, "a port", fields.port);
  return {
    serviceName: text(`${path}.serviceName`, fields.serviceName),
    address: text(`${path}.ipv4`, fields.ipv4) || text(`${path}.ipv6`, fields.ipv6),
    port,
  };
}

/** Values that clients send although they are no texts are written as JSON writes them. */
function tagTexts(value: unknown): (readonly [string, string])[] {
  if (value === undefined || value === null) return [];
  return Object.entries(record("tags", value))
    .filter(([, tag]) => tag !== null)
    .map(([key, tag]) => [key, typeof tag === "string" ? tag : JSON.stringify(tag)]);
}
