import { paddedId } from "../otlp/foreign-spans.ts";
import { describeJson } from "../otlp/malformed-json.ts";
import { nanosFromMicros } from "../time.ts";

/** A span of Zipkin's v2 JSON whose fields were checked; times in nanoseconds. */
export interface ZipkinSpan {
  /** 32 lower-case hex digits; ids of 64 bits have zeros in front. */
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly kind: string | undefined;
  readonly name: string;
  /** Since the epoch; where the span has none, that of its first annotation. */
  readonly start: bigint;
  readonly duration: bigint;
  readonly local: ZipkinEndpoint;
  readonly remote: ZipkinEndpoint;
  readonly annotations: readonly { readonly time: bigint; readonly value: string }[];
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly shared: boolean;
  readonly debug: boolean;
}

export interface ZipkinEndpoint {
  /** Empty when unknown. */
  readonly serviceName: string;
  /** IPv4 where both are given; empty when unknown. */
  readonly address: string;
  /** 0 when unknown. */
  readonly port: number;
}

/** A field that is wrong, for `RejectedSpan.reason`. */
export class BadSpan extends Error {}

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
  const times = annotations.map(({ time }) => time);
  const first = times.reduce<bigint | undefined>(
    (least, time) => (least === undefined || time < least ? time : least),
    undefined,
  );
  // Zipkin writes 0 for a time it does not know.
  const start = (span.timestamp === 0 ? undefined : span.timestamp) ?? undefined;
  const parentId = span.parentId === "" ? undefined : (span.parentId ?? undefined);
  return {
    traceId: id("traceId", span.traceId, 32),
    id: id("id", span.id, 16),
    parentId: parentId === undefined ? undefined : id("parentId", parentId, 16),
    kind: text("kind", span.kind).toUpperCase() || undefined,
    name: text("name", span.name),
    start: start === undefined && first !== undefined ? first : micros("timestamp", start),
    duration: micros("duration", span.duration ?? 0),
    local: endpoint("localEndpoint", span.localEndpoint),
    remote: endpoint("remoteEndpoint", span.remoteEndpoint),
    annotations,
    tags: tagTexts(span.tags),
    shared: span.shared === true,
    debug: span.debug === true,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function wrong(path: string, expected: string, value: unknown): BadSpan {
  const came = value === undefined ? "nothing" : describeJson(value);
  return new BadSpan(`${path === "" ? "" : `${path}: `}expected ${expected}, came ${came}`);
}

function record(path: string, value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(path, "an object", value);
  return value as Fields;
}

function list(path: string, value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(path, "an array", value);
  return value;
}

function id(path: string, value: unknown, digits: 16 | 32): string {
  const padded = paddedId(value, digits);
  if (padded === undefined) throw wrong(path, `up to ${digits} hex digits that are not all zero`, value);
  return padded;
}

function micros(path: string, value: unknown): bigint {
  const nanos = nanosFromMicros(value);
  if (nanos === undefined) throw wrong(path, "microseconds", value);
  return nanos;
}

/** Empty when absent. */
function text(path: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw wrong(path, "a text", value);
  return value;
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
