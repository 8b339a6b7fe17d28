import type { Signal } from "../signal.ts";
import { encodeBase64 } from "./base64.ts";
import { encodeMessage } from "./encode.ts";
import { RESPONSES, RETRY_INFO, RPC_STATUS } from "./response-schema.ts";

/** OTLP answers in the encoding of the request. */
export type OtlpEncoding = "protobuf" | "json";

export interface ExportOutcome {
  /** Spans, log records or data points that were not taken. */
  readonly rejected: number;
  /** Why, or with nothing rejected a warning; empty when there is nothing to say. */
  readonly message: string;
}

export interface RpcStatus {
  /** A gRPC status code, over HTTP too: 3 invalid argument, 8 resource exhausted, 14 unavailable. */
  readonly code: number;
  readonly message: string;
  /** Set for a failure worth retrying; clients wait this long. */
  readonly retryAfterMs?: number;
}

const REJECTED = {
  traces: "rejectedSpans",
  logs: "rejectedLogRecords",
  metrics: "rejectedDataPoints",
} as const;

const RETRY_INFO_TYPE = "type.googleapis.com/google.rpc.RetryInfo";

/** `Export<Signal>ServiceResponse`: zero bytes, or `{}`, when everything was taken and there is nothing to say. */
export function exportResponse(
  signal: Signal,
  outcome: ExportOutcome,
  encoding: OtlpEncoding,
): Uint8Array<ArrayBuffer> {
  const { rejected, message } = outcome;
  const partialSuccess = {
    ...(rejected > 0 && { [REJECTED[signal]]: String(rejected) }),
    ...(message !== "" && { errorMessage: message }),
  };
  const response = rejected > 0 || message !== "" ? { partialSuccess } : {};
  return encoding === "json" ? json(response) : encodeMessage(RESPONSES[signal], response);
}

/** `google.rpc.Status`, the body of every failure over HTTP. */
export function statusBody(status: RpcStatus, encoding: OtlpEncoding): Uint8Array<ArrayBuffer> {
  const { code, message, retryAfterMs } = status;
  if (encoding === "json") {
    const detail = { "@type": RETRY_INFO_TYPE, retryDelay: `${(retryAfterMs ?? 0) / 1000}s` };
    return json({ code, message, ...(retryAfterMs !== undefined && { details: [detail] }) });
  }
  const details =
    retryAfterMs === undefined ? [] : [{ typeUrl: RETRY_INFO_TYPE, value: retryInfo(retryAfterMs) }];
  return encodeMessage(RPC_STATUS, { code, message, details });
}

/** Value of the gRPC trailer `grpc-status-details-bin`: base64 without padding, as gRPC asks of senders. */
export function statusDetailsBin(status: RpcStatus): string {
  return encodeBase64(statusBody(status, "protobuf")).replaceAll("=", "");
}

/** Base64 of the message, as the model writes bytes. */
function retryInfo(retryAfterMs: number): string {
  const seconds = Math.floor(retryAfterMs / 1000);
  const nanos = Math.round((retryAfterMs - seconds * 1000) * 1e6);
  return encodeBase64(encodeMessage(RETRY_INFO, { retryDelay: { seconds: String(seconds), nanos } }));
}

function json(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}
