import type { Usage, Values } from "../call.ts";
import { idsAmong } from "../correlation-ids.ts";
import { type Fields, fields, idOf, listOf, numberOf, textOf, textsOf } from "../text/value.ts";

/** What OpenAI's APIs for text are asked in the same words. */
export function samplingValues(request: Fields): Values {
  const { n, service_tier: tier } = request;
  return {
    ...idsAmong(request.metadata),
    ...userOf(request),
    "gen_ai.request.temperature": numberOf(request.temperature),
    "gen_ai.request.top_p": numberOf(request.top_p),
    "gen_ai.request.top_k": numberOf(request.top_k),
    "gen_ai.request.frequency_penalty": numberOf(request.frequency_penalty),
    "gen_ai.request.presence_penalty": numberOf(request.presence_penalty),
    "gen_ai.request.seed": numberOf(request.seed),
    "gen_ai.request.choice.count": n === 1 ? undefined : numberOf(n),
    "gen_ai.request.stop_sequences": textsOf(request.stop),
    "openai.request.service_tier": tier === "auto" ? undefined : textOf(tier),
  };
}

function userOf({ user, safety_identifier: identifier }: Fields): Values {
  const id = idOf(user) ?? idOf(identifier);
  return id === undefined ? {} : { "user.id": id };
}

/** `gen_ai.output.type` of a format that was asked for. */
export function outputType(format: unknown, modalities?: unknown): string | undefined {
  if (listOf(modalities).includes("audio")) return "speech";
  if (format === "json_schema" || format === "json_object") return "json";
  return format === "text" ? "text" : undefined;
}

/** Usage of chat completions, text completions and embeddings; DeepSeek names cached tokens its own way. */
export function completionUsage(stated: unknown): Usage | undefined {
  if (typeof stated !== "object" || stated === null) return undefined;
  const usage = fields(stated);
  const input = fields(usage.prompt_tokens_details);
  return {
    input: numberOf(usage.prompt_tokens),
    output: numberOf(usage.completion_tokens),
    cacheRead: numberOf(input.cached_tokens) ?? numberOf(usage.prompt_cache_hit_tokens),
    cacheWrite: numberOf(input.cache_write_tokens),
    reasoning: numberOf(fields(usage.completion_tokens_details).reasoning_tokens),
  };
}
