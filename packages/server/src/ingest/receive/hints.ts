import type { Signal } from "@clew/protocol/signal";

/** The ports as they are bound, for messages that send somebody elsewhere. */
export interface Ports {
  grpc: number;
  http: number;
}

export function useGrpcPort(ports: Ports): string {
  return `Send OTLP/gRPC to port ${ports.grpc}, or set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf to stay on this one`;
}

export function useHttpPort(ports: Ports): string {
  return `Send OTLP/HTTP to port ${ports.http}, path /v1/traces, or set OTEL_EXPORTER_OTLP_PROTOCOL=grpc to stay on this one`;
}

export function speaksPlaintext(kind: "grpc" | "http"): string {
  return kind === "grpc"
    ? "This port speaks plaintext: set OTEL_EXPORTER_OTLP_INSECURE=true, or begin the endpoint with http://"
    : "This port speaks plaintext: begin the endpoint with http:// instead of https://";
}

export const SPEAKS_TLS = "This port speaks TLS: begin the endpoint with https:// instead of http://";

/** What the sender of a request to an unknown path most likely meant; empty when nothing comes to mind. */
export function pathHint(path: string, ports: Ports): string {
  const lower = path.toLowerCase();
  if (lower.startsWith("/opentelemetry.proto.collector.") || lower.startsWith("/grpc.")) {
    return useGrpcPort(ports);
  }
  if (/^\/v1\/(traces|logs|metrics)\/v1\//.test(lower)) {
    return "OTEL_EXPORTER_OTLP_ENDPOINT is the base URL without a path; /v1/traces is added to it";
  }
  if (lower === "/") {
    return "The path is /v1/traces; an endpoint for one signal is used as it is, with its path";
  }
  if (lower.includes("profile")) return "Profiles are not received; send traces, logs and metrics";
  if (lower === "/api/traces") {
    return "Jaeger's Thrift is not received; send OTLP to /v1/traces, or Zipkin's JSON to /api/v2/spans";
  }
  if (lower === "/api/v1/spans" || lower === "/zipkin/api/v1/spans") {
    return "Zipkin's first format is not received; send its JSON of version 2 to /api/v2/spans";
  }
  const signal = signalOf(lower);
  return signal === undefined ? "" : `The path is /v1/${signal}`;
}

function signalOf(path: string): Signal | undefined {
  if (/trace|span/.test(path)) return "traces";
  if (/metric/.test(path)) return "metrics";
  return /log/.test(path) ? "logs" : undefined;
}

/** Why a body may be malformed although its sender believes in it; empty when its first bytes tell nothing. */
export function bodyHint(body: Uint8Array, encoding: "protobuf" | "json"): string {
  const first = body[0];
  if (first === 0x1f && body[1] === 0x8b) return "The body is gzip: say so with content-encoding: gzip";
  if (encoding === "protobuf" && (first === 0x7b || first === 0x5b)) {
    return "The body looks like JSON: say so with content-type: application/json";
  }
  if (encoding === "json" && first === 0x0a) {
    return "The body looks like protobuf: say so with content-type: application/x-protobuf";
  }
  return "";
}
