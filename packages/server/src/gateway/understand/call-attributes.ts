import type { AnyValue, KeyValue } from "@clew/protocol/otlp/model";
import type { CallRequest, CallResponse, CostOf, Usage, Values } from "./call.ts";
import { providerAt } from "./provider.ts";

/** Where a call went, and how much of it is wanted. */
export interface CallPlace {
  /** The upstream's, without its port: it tells providers apart that speak the same API. */
  readonly host?: string | undefined;
  /** The provider's name where it is known better than by API and host. */
  readonly provider?: string | undefined;
  /** False for a call that is not sampled: content costs most. Default true. */
  readonly content?: boolean | undefined;
}

/**
 * Attributes of a call by OpenTelemetry's newest names, each key once. Ids that the call itself carries (`session.id`,
 * `task.id`) are among them; the ids of its baggage are for the caller to add, and come first.
 */
export function callAttributes(
  request: CallRequest,
  response: CallResponse | undefined,
  cost: CostOf,
  { host = "", provider: stated, content = true }: CallPlace = {},
): KeyValue[] {
  const isModel = request.provider !== undefined;
  const provider = isModel ? (stated ?? providerAt(host) ?? request.provider) : undefined;
  const values: Record<string, Values[string]> = {
    "gen_ai.provider.name": provider,
    ...request.values,
    "clew.request.unread": request.unread,
    ...(response === undefined ? {} : responseValues(request, response, cost, provider ?? "")),
  };
  const attributes: KeyValue[] = [];
  add(attributes, values, MAX_TEXT);
  if (!content) return attributes;
  if (request.content !== undefined) add(attributes, request.content(), Number.POSITIVE_INFINITY);
  if (response?.content !== undefined) add(attributes, response.content(), Number.POSITIVE_INFINITY);
  return attributes;
}

function responseValues(
  request: CallRequest,
  response: CallResponse,
  cost: CostOf,
  provider: string,
): Record<string, Values[string]> {
  const { model, usage, error, firstChunkNs, firstTokenNs } = response;
  const known = model ?? request.model;
  const found: Record<string, Values[string]> = {
    "gen_ai.response.model": model,
    ...usageValues(usage),
    "gen_ai.usage.cost":
      usage === undefined || known === undefined ? undefined : cost(known, usage, provider),
    "error.type": error?.type,
    "gen_ai.response.time_to_first_chunk": request.api === "mcp" ? undefined : seconds(firstChunkNs),
    "gen_ai.server.time_to_first_token": request.provider === undefined ? undefined : seconds(firstTokenNs),
    "clew.response.tokens_per_second": tokensPerSecond(response),
    "clew.response.incomplete": response.isWhole ? undefined : true,
    "clew.response.malformed_events": response.malformedEvents || undefined,
    "clew.response.unread": response.unread,
  };
  // What the answer does not say stays as the request said it.
  for (const [key, value] of Object.entries(response.values)) if (value !== undefined) found[key] = value;
  return found;
}

function usageValues(usage: Usage | undefined): Values {
  return {
    "gen_ai.usage.input_tokens": usage?.input,
    "gen_ai.usage.output_tokens": usage?.output,
    "gen_ai.usage.cache_read.input_tokens": usage?.cacheRead,
    "gen_ai.usage.cache_write.input_tokens": usage?.cacheWrite,
    "gen_ai.usage.reasoning.output_tokens": usage?.reasoning,
  };
}

function seconds(ns: bigint | undefined): number | undefined {
  return ns === undefined ? undefined : Number(ns) / 1e9;
}

/** A stream that took less after its first token came in one piece. */
const MIN_STREAM_NS = 1_000_000n;

/** Of a stream: output tokens in the time after the first one; else in all of the time. */
function tokensPerSecond({ usage, firstTokenNs = 0n, durationNs, error }: CallResponse): number | undefined {
  const output = usage?.output;
  if (output === undefined || output <= 0 || error !== undefined) return undefined;
  const streamed = durationNs - firstTokenNs;
  const ns = streamed >= MIN_STREAM_NS ? streamed : durationNs;
  return ns <= 0n ? undefined : Math.round((output / Number(ns)) * 1e11) / 100;
}

/** Numbers that are doubles by the conventions, also where they happen to be whole. */
const DOUBLES = /temperature$|top_p$|penalty$|\.cost$|time_to_|per_second$/;

/** Texts of a request are as long as somebody likes; names and ids are not. */
const MAX_TEXT = 1024;
const MAX_LIST = 128;

function add(attributes: KeyValue[], values: Values, maxText: number): void {
  for (const key in values) {
    const value = values[key];
    if (value === undefined) continue;
    const isDouble = typeof value === "number" && DOUBLES.test(key);
    attributes.push({ key, value: isDouble ? { doubleValue: value } : anyValue(value, maxText) });
  }
}

function anyValue(value: NonNullable<Values[string]>, maxText: number): AnyValue {
  if (typeof value === "string")
    return { stringValue: value.length > maxText ? value.slice(0, maxText) : value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.slice(0, MAX_LIST).map((item) => anyValue(item, maxText)) } };
}
