import type { IncomingHttpHeaders } from "node:http";
import type { UpstreamKind } from "../config/gateway-config.ts";
import type { TryFailure } from "./upstream-try.ts";

/** An answer, or why there is none. */
export type TryOutcome =
  | { readonly status: number; readonly headers: IncomingHttpHeaders; readonly type?: undefined }
  | TryFailure;

/** The same upstream again, the next one, or what there is goes to the client. */
export type NextStep = "retry" | "fallback" | "pass_on";

/** Longer than this a client is not kept waiting for another try: it is told when to come again. */
const LONGEST_WAIT_MS = 10_000;
const FIRST_WAIT_MS = 250;
const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]);
/** What a provider says when it's its own fault or the moment's; 529 is Anthropic's word for overload. */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504, 529]);
/** With these nothing was done yet, so that a second try does nothing twice. */
const NOT_BEGUN = new Set([429, 503]);

/** The tries that one upstream gets for one request. */
export class TryBudget {
  /** Before the next retry. */
  delayMs = 0;
  #left: number;
  #used = 0;
  #staleLeft = 1;
  readonly #hasFallback: boolean;

  constructor(retries: number, hasFallback: boolean) {
    this.#left = retries;
    this.#hasFallback = hasFallback;
  }

  next(outcome: TryOutcome, kind: UpstreamKind, method: string): NextStep {
    this.delayMs = 0;
    if (!isWorthRetrying(outcome, kind, method)) return "pass_on";
    if (outcome.type !== undefined && outcome.isStale && this.#staleLeft > 0) {
      this.#staleLeft -= 1;
      return "retry";
    }
    const otherwise = this.#hasFallback ? "fallback" : "pass_on";
    if (this.#left === 0) return otherwise;
    const headers = outcome.type === undefined ? outcome.headers : undefined;
    const delayMs = retryDelayMs(this.#used + 1, headers, Math.random(), Date.now());
    if (delayMs === undefined) return otherwise;
    this.#left -= 1;
    this.#used += 1;
    this.delayMs = delayMs;
    return "retry";
  }
}

/** Whether asking again can do no harm and may help. Asking a model twice costs money, and changes nothing. */
export function isWorthRetrying(outcome: TryOutcome, kind: UpstreamKind, method: string): boolean {
  const mayRepeat = kind === "model" || IDEMPOTENT.has(method);
  if (outcome.type === undefined) return (mayRepeat ? TRANSIENT : NOT_BEGUN).has(outcome.status);
  if (outcome.type === "cancelled") return false;
  return mayRepeat || outcome.isUnsent;
}

/**
 * How long to wait before retry `number`, the first being 1; undefined when the upstream wants a longer pause than a
 * client should be kept waiting. `chance` is from 0 to below 1: many clients shall not come back at once.
 */
export function retryDelayMs(
  number: number,
  headers: IncomingHttpHeaders | undefined,
  chance: number,
  nowMs: number,
): number | undefined {
  const asked = retryAfterMs(headers, nowMs);
  if (asked !== undefined) return asked > LONGEST_WAIT_MS ? undefined : asked;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (number - 1)) * (0.5 + chance / 2);
}

function retryAfterMs(headers: IncomingHttpHeaders | undefined, nowMs: number): number | undefined {
  const exact = headers?.["retry-after-ms"];
  if (typeof exact === "string" && /^\d+(\.\d+)?$/.test(exact)) return Number(exact);
  const text = headers?.["retry-after"];
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
