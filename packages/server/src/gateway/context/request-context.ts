import type { IncomingHttpHeaders } from "node:http";
import { formatBaggage, parseBaggage } from "@clew/protocol/context/baggage";
import { type CorrelationIds, mergeCorrelation } from "@clew/protocol/context/correlation";
import { formatTraceparent, parseTraceparent, RANDOM, SAMPLED } from "@clew/protocol/context/traceparent";
import { formatTracestate, parseTracestate } from "@clew/protocol/context/tracestate";
import type { Tracing } from "../config/gateway-config.ts";
import { randomSpanId, randomTraceId } from "./random-ids.ts";
import { isSampled } from "./sampling.ts";

/** Where a request stands in its trace: W3C Trace Context level 2 and W3C Baggage. */
export interface RequestContext {
  readonly traceId: string;
  /** Of the span for the request. */
  readonly spanId: string;
  /** The caller's span; undefined where the trace begins here. */
  readonly parentId: string | undefined;
  /** What goes on: `SAMPLED`, and `RANDOM` as the caller has it; both where the trace begins here and is recorded. */
  readonly flags: number;
  readonly sampled: boolean;
  /** As it goes on; empty without one. */
  readonly tracestate: string;
  /** The header as it came; where other headers gave ids, written anew with these. */
  readonly baggage: string | undefined;
  readonly ids: CorrelationIds;
}

const NO_IDS: CorrelationIds = {};

/**
 * Continues the caller's trace where `traceparent` is valid, with the caller's decision; else a trace begins, and its
 * id decides. A `tracestate` counts only beside a valid `traceparent`.
 */
export function requestContext(headers: IncomingHttpHeaders, tracing: Tracing): RequestContext {
  const { baggage, ids } = correlationOf(headers, tracing);
  const given = textOf(headers.traceparent);
  const parent = given === undefined ? undefined : parseTraceparent(given);
  const spanId = randomSpanId();
  if (parent === undefined) {
    const traceId = randomTraceId();
    const sampled = isSampled(traceId, tracing.randomSampling);
    const flags = sampled ? SAMPLED | RANDOM : 0;
    return { traceId, spanId, parentId: undefined, flags, sampled, tracestate: "", baggage, ids };
  }
  const { traceId, parentId } = parent;
  const sampled = (parent.flags & SAMPLED) !== 0;
  const flags = parent.flags & (SAMPLED | RANDOM);
  const members = parseTracestate(textOf(headers.tracestate) ?? "");
  const tracestate = members === undefined ? "" : formatTracestate(members);
  return { traceId, spanId, parentId, flags, sampled, tracestate, baggage, ids };
}

/** The `traceparent` of what is done for this request by the span `spanId`. */
export function traceparentOf({ traceId, flags }: RequestContext, spanId: string): string {
  return formatTraceparent({ traceId, parentId: spanId, flags });
}

/** Characters of an id from a header. */
const MAX_ID = 256;

/** A header that the configuration maps says more than baggage, which then says the same for those behind. */
function correlationOf(
  headers: IncomingHttpHeaders,
  { correlationHeaders }: Tracing,
): { readonly baggage: string | undefined; readonly ids: CorrelationIds } {
  const given = textOf(headers.baggage);
  const mapped = new Map<string, string>();
  for (const [header, key] of correlationHeaders) {
    const value = textOf(headers[header])?.trim();
    if (value && !mapped.has(key)) mapped.set(key, value.slice(0, MAX_ID));
  }
  if (given === undefined && mapped.size === 0) return { baggage: undefined, ids: NO_IDS };
  const members = given === undefined ? [] : parseBaggage(given);
  const values = new Map(members.map(({ key, value }) => [key, value]));
  const ids = mergeCorrelation(
    (key) => mapped.get(key),
    (key) => values.get(key),
    [...mapped.keys()],
  );
  if ([...mapped].every(([key, value]) => values.get(key) === value)) return { baggage: given, ids };
  const own = Array.from(mapped, ([key, value]) => ({ key, value, properties: "" }));
  const others = members.filter(({ key }) => !mapped.has(key));
  return { baggage: formatBaggage([...own, ...others]), ids };
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}
