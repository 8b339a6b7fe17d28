import { MalformedJson } from "@clew/protocol/otlp/malformed-json";
import { PublicError } from "../../errors.ts";

/** gRPC's status codes that a receiver uses, with the nearest HTTP status. */
export const GRPC_STATUS = {
  OK: { code: 0, http: 200 },
  INVALID_ARGUMENT: { code: 3, http: 400 },
  DEADLINE_EXCEEDED: { code: 4, http: 504 },
  RESOURCE_EXHAUSTED: { code: 8, http: 413 },
  UNIMPLEMENTED: { code: 12, http: 404 },
  INTERNAL: { code: 13, http: 500 },
  UNAVAILABLE: { code: 14, http: 503 },
  UNAUTHENTICATED: { code: 16, http: 401 },
} as const;

export type GrpcStatusName = keyof typeof GRPC_STATUS;

/** Why a request is turned away, in the words of both protocols. */
export interface Failure {
  readonly http: number;
  readonly grpc: GrpcStatusName;
  /** Stable name, e.g. `malformed_otlp`. */
  readonly reason: string;
  readonly message: string;
  /** What to change; empty when nothing can be said. */
  readonly hint: string;
  /** Set for what is worth trying again. */
  readonly retryAfterMs?: number;
}

/** A sender's mistake that has no exception of its own. */
export function failure(
  grpc: GrpcStatusName,
  reason: string,
  message: string,
  hint = "",
  http: number = GRPC_STATUS[grpc].http,
): Failure {
  return { http, grpc, reason, message, hint };
}

const BY_HTTP: Readonly<Record<number, GrpcStatusName>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  413: "RESOURCE_EXHAUSTED",
  415: "UNIMPLEMENTED",
  429: "UNAVAILABLE",
  503: "UNAVAILABLE",
};

/** What a thrown error means to the sender; undefined for a bug. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof MalformedJson) {
    return failure("INVALID_ARGUMENT", "malformed_otlp", error.message);
  }
  if (!(error instanceof PublicError)) return undefined;
  // OTLP's senders try again after 503, and give up at 507.
  const http = error.status === 507 ? 503 : error.status;
  const grpc = BY_HTTP[http] ?? "INTERNAL";
  const found = failure(grpc, error.code, error.message, "", http);
  const { retryAfterMs } = error as { retryAfterMs?: unknown };
  return typeof retryAfterMs === "number" ? { ...found, retryAfterMs } : found;
}

/** What a sender is told of a bug of ours. */
export const INTERNAL_FAILURE = failure(
  "INTERNAL",
  "internal",
  "Clew failed at this request; its log says why",
);

/** The message with its hint, for whoever reads only one line. */
export function sentence({ message, hint }: Failure): string {
  return hint === "" ? message : `${message}. ${hint}`;
}
