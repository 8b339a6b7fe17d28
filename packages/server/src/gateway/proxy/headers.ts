import type { RequestContext } from "../context/request-context.ts";
import { traceparentOf } from "../context/request-context.ts";

/** Names and values in turn, as `node:http` gives and takes them. */
export type RawHeaders = readonly string[];

/** What holds for one connection only: RFC 9110, section 7.6.1. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
/** Beside those: what the gateway answers itself, or writes anew. */
const NOT_SENT_ON = new Set([
  ...HOP_BY_HOP,
  "content-length",
  "expect",
  "host",
  "proxy-authorization",
  "traceparent",
  "tracestate",
  "baggage",
  "via",
  "x-clew-token",
  "x-clew-upstream",
]);
const NOT_SENT_BACK = new Set([...HOP_BY_HOP, "proxy-authenticate"]);

export const TRACE_ID_HEADER = "x-trace-id";

export interface SentHeaders {
  readonly raw: RawHeaders;
  readonly host: string;
  /** Undefined: no trace context goes there. */
  readonly context: RequestContext | undefined;
  readonly spanId: string;
  /** Lower case, instead of the caller's of the same names; an empty one takes the caller's away. */
  readonly own: ReadonlyMap<string, string>;
  /** The header in which the gateway's own token came, lower case. */
  readonly tokenHeader: string | undefined;
  readonly via: string;
  /** Length in bytes; "chunked" where it isn't known; undefined where there is no body. */
  readonly body: number | "chunked" | undefined;
}

/** The headers of a request to an upstream. */
export function sentHeaders(sent: SentHeaders): string[] {
  const headers: string[] = ["Host", sent.host];
  const named = connectionNames(sent.raw);
  copy(sent.raw, headers, (name) => {
    if (NOT_SENT_ON.has(name) || sent.own.has(name) || name === sent.tokenHeader) return false;
    return named?.has(name) !== true;
  });
  for (const [name, value] of sent.own) if (value !== "") headers.push(name, value);
  headers.push("Via", sent.via);
  if (sent.body === "chunked") headers.push("Transfer-Encoding", "chunked");
  else if (sent.body !== undefined) headers.push("Content-Length", String(sent.body));
  const { context } = sent;
  if (context === undefined) return headers;
  headers.push("traceparent", traceparentOf(context, sent.spanId));
  if (context.tracestate !== "") headers.push("tracestate", context.tracestate);
  if (context.baggage !== undefined) headers.push("baggage", context.baggage);
  return headers;
}

/** The headers of an upstream's answer as they go to the client. */
export function answerHeaders(raw: RawHeaders, traceId: string | undefined): string[] {
  const headers: string[] = [];
  const named = connectionNames(raw);
  copy(raw, headers, (name) => {
    if (name === TRACE_ID_HEADER) return traceId === undefined;
    return !NOT_SENT_BACK.has(name) && named?.has(name) !== true;
  });
  if (traceId !== undefined) headers.push(TRACE_ID_HEADER, traceId);
  return headers;
}

function copy(from: RawHeaders, to: string[], isKept: (name: string) => boolean): void {
  for (let at = 0; at + 1 < from.length; at += 2) {
    const name = from[at] ?? "";
    if (isKept(name.toLowerCase())) to.push(name, from[at + 1] ?? "");
  }
}

/** Other headers that `Connection` declares to be of this connection only. */
function connectionNames(raw: RawHeaders): Set<string> | undefined {
  let names: Set<string> | undefined;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? "";
    if (name.length !== 10 || name.toLowerCase() !== "connection") continue;
    const value = (raw[at + 1] ?? "").toLowerCase();
    if (value === "keep-alive" || value === "close") continue;
    names ??= new Set();
    for (const each of value.split(",")) names.add(each.trim());
  }
  return names;
}
