import { context } from "@opentelemetry/api";
import { getRPCMetadata, RPCType } from "@opentelemetry/core";
import { attempt } from "./attempt.ts";

/**
 * Names the server span of the HTTP request in whose context it is called: `GET /orders/:id` instead of `GET`.
 * Nothing happens outside of a request.
 */
export function setRoute(route: string): void {
  const metadata = getRPCMetadata(context.active());
  if (metadata?.type === RPCType.HTTP) metadata.route = route;
}

/**
 * Records an error that an agent's code threw on the server span of the request in whose context it is called,
 * once however often a framework hands it on. Errors that stand for an answer below 500, as frameworks throw
 * them for `404`, are no errors of the server. The span's status stays a matter of the answer's.
 */
export function recordRequestError(error: unknown): void {
  attempt("request", () => record(error));
}

/** Adds what a framework knows to the server span of the request in whose context it is called. */
export function setRequestAttribute(name: string, value: string): void {
  const metadata = getRPCMetadata(context.active());
  if (metadata?.type === RPCType.HTTP) metadata.span.setAttribute(name, value);
}

const RECORDED = new WeakSet<object>();

function record(error: unknown): void {
  const metadata = getRPCMetadata(context.active());
  if (metadata?.type !== RPCType.HTTP || isAnswerBelow500(error)) return;
  if (typeof error === "object" && error !== null) {
    if (RECORDED.has(error)) return;
    RECORDED.add(error);
  }
  metadata.span.recordException(error instanceof Error ? error : String(error));
}

/** Reading what was thrown can throw again. */
function isAnswerBelow500(error: unknown): boolean {
  const { status, statusCode } = (error ?? {}) as { status?: unknown; statusCode?: unknown };
  const code = typeof status === "number" ? status : statusCode;
  return typeof code === "number" && code >= 100 && code < 500;
}
