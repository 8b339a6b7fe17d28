import { encodeOtlp } from "@clew/protocol/otlp/encode";
import { transcodeJson } from "@clew/protocol/otlp/json";
import { parseJsonText } from "@clew/protocol/otlp/json-text";
import type { OtlpEncoding } from "@clew/protocol/otlp/response";
import type { Signal } from "@clew/protocol/signal";
import { zipkinToOtlp } from "@clew/protocol/zipkin/zipkin-to-otlp";

/** What a path receives. */
export interface Route {
  readonly signal: Signal;
  readonly zipkin: boolean;
}

export const ROUTES: ReadonlyMap<string, Route> = new Map([
  ["/v1/traces", { signal: "traces", zipkin: false }],
  ["/v1/logs", { signal: "logs", zipkin: false }],
  ["/v1/metrics", { signal: "metrics", zipkin: false }],
  ["/api/v2/spans", { signal: "traces", zipkin: true }],
  ["/zipkin/api/v2/spans", { signal: "traces", zipkin: true }],
]);

const PROTOBUF = /^application\/(x-)?protobuf\s*(;|$)/i;
const JSON_TYPE = /^application\/json\s*(;|$)/i;

/** The encoding that a content type names; undefined for one that OTLP doesn't have. */
export function encodingOf(contentType: string): OtlpEncoding | undefined {
  if (PROTOBUF.test(contentType)) return "protobuf";
  return JSON_TYPE.test(contentType) ? "json" : undefined;
}

/** A request's body in OTLP protobuf, and what was lost on the way. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly rejected: number;
  /** Why; empty when nothing was rejected. */
  readonly message: string;
}

/** Brings a body to OTLP protobuf. An empty one is empty in every encoding. Throws `MalformedJson`. */
export function toProtobuf(route: Route, encoding: OtlpEncoding, body: Buffer): Content {
  if (body.length === 0 || encoding === "protobuf") return { bytes: body, rejected: 0, message: "" };
  if (!route.zipkin) return { bytes: transcodeJson(route.signal, body), rejected: 0, message: "" };
  const { data, rejected } = zipkinToOtlp(parseJsonText(body));
  const first = rejected[0];
  const message = first === undefined ? "" : `span ${first.index}: ${first.reason}`;
  return { bytes: encodeOtlp("traces", data), rejected: rejected.length, message };
}
