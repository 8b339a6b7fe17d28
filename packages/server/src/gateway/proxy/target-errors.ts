import type { SpanError } from "../spans/http-span.ts";
import type { OwnAnswer } from "./own-answer.ts";
import type { TryFailure } from "./upstream-try.ts";

/** Of a try that ended before anything came. */
export const CANCELLED: TryFailure = {
  type: "cancelled",
  message: "the client left",
  isUnsent: true,
  isStale: false,
};

/** Of an answer that did not come to its end. */
export const RELAY_ERRORS: Readonly<Record<"upstream_reset" | "idle_timeout" | "cancelled", SpanError>> = {
  upstream_reset: { type: "connection_reset", message: "the upstream broke off in the middle of its answer" },
  idle_timeout: { type: "timeout", message: "the upstream stopped in the middle of its answer" },
  cancelled: { type: "cancelled", message: "the client left before the end of the answer" },
};

/** Undefined for a status that is no failure. */
export function errorOfStatus(status: number | undefined, text = ""): SpanError | undefined {
  if (status === undefined || status < 400) return undefined;
  return { type: String(status), message: text === "" ? `HTTP ${status}` : text };
}

/** What the client gets where no upstream answered. */
export function answerOfFailure({ type, message }: TryFailure): OwnAnswer {
  const said = { code: type, message: `The gateway got no answer. ${message}` };
  if (type === "upstream_busy") return { status: 503, ...said, retryAfterSeconds: 1 };
  return { status: type === "timeout" || type === "connect_timeout" ? 504 : 502, ...said };
}
