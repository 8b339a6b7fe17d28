import type { ErrorBody } from "@clew/protocol/api/api-error";
import type { Context } from "hono";
import { PublicError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { errorShapeOf } from "./compatible/error-shape.ts";
import { hintFor } from "./hints.ts";

/** The client has gone; nobody reads this status. */
const CLIENT_LEFT = 499;

/**
 * The one place where errors become answers. What a caller can act on is told; anything else is a fault of the
 * server, logged here once and named by the request id only.
 */
export function answerError(error: unknown, context: Context, log: Logger, requestId: string): Response {
  const shape = errorShapeOf(context.req.path);
  if (error instanceof PublicError && error.status !== 500) {
    if (error.status === 503) setRetryAfter(context, error);
    if (error.status === 401) context.header("WWW-Authenticate", "Bearer");
    if (shape !== undefined) return shape(context, error.status, error.message);
    return context.json(bodyOf(error, requestId), error.status as 400);
  }
  if (context.req.raw.signal.aborted) return context.body(null, CLIENT_LEFT as 400);
  log.error({ err: error, requestId, method: context.req.method, path: context.req.path }, "request failed");
  const message = "The server failed";
  if (shape !== undefined) return shape(context, 500, message);
  const hint = hintFor("internal_error");
  const body: ErrorBody = {
    error: { code: "internal_error", message, requestId, ...(hint && { hint }) },
  };
  return context.json(body, 500);
}

function bodyOf(error: PublicError, requestId: string): ErrorBody {
  const { hint = hintFor(error.code), position } = error as Partial<
    Pick<ErrorBody["error"], "hint" | "position">
  >;
  const candidates = "candidates" in error ? (error.candidates as string[]) : undefined;
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(hint && { hint }),
      ...(candidates && { candidates }),
      ...(position && { position }),
      requestId,
    },
  };
}

function setRetryAfter(context: Context, error: PublicError): void {
  const seconds = "retryAfterS" in error ? Number(error.retryAfterS) : 1;
  context.header("Retry-After", String(Math.max(1, Math.ceil(seconds))));
}
