import type { ServerResponse } from "node:http";
import { TRACE_ID_HEADER } from "./headers.ts";

/** What the gateway itself answers, in the form of errors that clients of models know. */
export interface OwnAnswer {
  readonly status: number;
  /** Stable, for programs; `error.type` of the span. */
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

export function sendOwnAnswer(
  response: ServerResponse,
  { status, code, message, retryAfterSeconds }: OwnAnswer,
  traceId: string | undefined,
): void {
  const body = JSON.stringify({ error: { message, type: "gateway_error", code } });
  const headers = ["Content-Type", "application/json", "Content-Length", String(Buffer.byteLength(body))];
  if (retryAfterSeconds !== undefined) headers.push("Retry-After", String(retryAfterSeconds));
  if (status === 401) headers.push("WWW-Authenticate", "Bearer");
  if (traceId !== undefined) headers.push(TRACE_ID_HEADER, traceId);
  response.writeHead(status, headers);
  response.end(body);
}
