import type { Attributes } from "@opentelemetry/api";
import { rememberedAddresses } from "./remembered-addresses.ts";

const STATUS_NAMES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];
/** Statuses that are the server's failure and not an answer: the list of OpenTelemetry's conventions for gRPC. */
const SERVER_FAULTS = new Set([2, 4, 12, 13, 14, 15]);

/** `NOT_FOUND` of 5; the number as text where gRPC knows none. */
export function grpcStatusName(code: number): string {
  return STATUS_NAMES[code] ?? String(code);
}

export function isServerFault(code: number): boolean {
  return SERVER_FAULTS.has(code);
}

/**
 * Host and port of a channel's target, such as `dns:///orders.svc:50051`, `ipv4:10.0.0.7:443`, `[::1]:50051`;
 * nothing for a socket in the file system.
 */
export const grpcHost = rememberedAddresses(read);

function read(target: string): Attributes {
  if (/^unix(-abstract)?:/.test(target)) return {};
  const endpoint = target
    .replace(/^(?:(?:dns|ipv4|ipv6|xds):|[a-z][a-z0-9+.-]*:(?=\/\/))/i, "")
    .replace(/^\/\/[^/]*\//, "");
  const [first = ""] = endpoint.split(",");
  const [, bracketed, plain, port] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(first) ?? [];
  const address = bracketed ?? plain;
  if (!address) return {};
  return { "server.address": address, ...(port !== undefined && { "server.port": Number(port) }) };
}
