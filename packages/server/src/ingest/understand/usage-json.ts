import { count, countOf, type JsonObject, jsonObject, objectOf } from "./text.ts";
import type { RawUsage } from "./usage.ts";

/** Keys of one usage object that are looked at. */
const MAX_KEYS = 64;

/**
 * Langfuse's `usage_details`: buckets that exclude one another, with names the application may choose, or
 * OpenAI's own usage object.
 */
export function langfuseUsage(text: string, raw: RawUsage): void {
  const usage = jsonObject(text);
  if (usage === undefined) return;
  const inputDetails = objectOf(usage.prompt_tokens_details) ?? objectOf(usage.input_tokens_details);
  if ("prompt_tokens" in usage || inputDetails !== undefined) openAiUsage(usage, inputDetails, raw);
  else buckets(usage, raw);
}

function openAiUsage(usage: JsonObject, inputDetails: JsonObject | undefined, raw: RawUsage): void {
  const outputDetails = objectOf(usage.completion_tokens_details) ?? objectOf(usage.output_tokens_details);
  raw.input = countOf(usage.prompt_tokens ?? usage.input_tokens);
  raw.output = countOf(usage.completion_tokens ?? usage.output_tokens);
  raw.cacheRead = countOf(inputDetails?.cached_tokens);
  raw.cacheWrite = countOf(inputDetails?.cache_write_tokens);
  raw.reasoning = countOf(outputDetails?.reasoning_tokens);
}

function buckets(usage: JsonObject, raw: RawUsage): void {
  let fresh = 0;
  let visible = 0;
  let cacheRead = 0;
  let cacheWrite = 0;
  let reasoning = 0;
  for (const key of Object.keys(usage).slice(0, MAX_KEYS)) {
    const tokens = countOf(usage[key]);
    if (tokens === 0) continue;
    if (/cache/.test(key)) {
      if (/creation|write/.test(key)) cacheWrite += tokens;
      else cacheRead += tokens;
    } else if (/reasoning|thought/.test(key)) reasoning += tokens;
    else if (/^(input|prompt)/.test(key)) fresh += tokens;
    else if (/^(output|completion)/.test(key)) visible += tokens;
  }
  raw.input = fresh + cacheRead + cacheWrite;
  raw.output = visible + reasoning;
  raw.cacheRead = cacheRead;
  raw.cacheWrite = cacheWrite;
  raw.reasoning = reasoning;
  raw.total = countOf(usage.total);
}

/** MLflow's `{input_tokens, output_tokens, total_tokens, cache_read_input_tokens, …}`. */
export function mlflowUsage(text: string, raw: RawUsage): void {
  const usage = jsonObject(text);
  if (usage === undefined) return;
  raw.input = countOf(usage.input_tokens);
  raw.output = countOf(usage.output_tokens);
  raw.total = countOf(usage.total_tokens);
  raw.cacheRead = countOf(usage.cache_read_input_tokens);
  raw.cacheWrite = countOf(usage.cache_creation_input_tokens);
}

/** LangChain's `{input_tokens, output_tokens, input_token_details, output_token_details}`. */
export function langsmithUsage(text: string, raw: RawUsage): void {
  const usage = jsonObject(text);
  if (usage === undefined) return;
  raw.input = countOf(usage.input_tokens) || raw.input;
  raw.output = countOf(usage.output_tokens) || raw.output;
  raw.total = countOf(usage.total_tokens) || raw.total;
  details(objectOf(usage.input_token_details), objectOf(usage.output_token_details), raw);
}

const DETAILS = [
  "cache_read",
  "cache_creation",
  "ephemeral_5m_input_tokens",
  "ephemeral_1h_input_tokens",
  "reasoning",
] as const;

/** The same details as attributes of their own: JSON from JavaScript, a printed dict from Python. */
export function tokenDetails(input: string | undefined, output: string | undefined, raw: RawUsage): void {
  details(printed(input), printed(output), raw);
}

function printed(text: string | undefined): JsonObject | undefined {
  if (text === undefined || text.length > 2000) return undefined;
  if (!text.startsWith("{'")) return jsonObject(text);
  const object: Record<string, number> = {};
  for (const key of DETAILS) {
    const at = text.indexOf(`'${key}': `);
    if (at >= 0) object[key] = count(/^\d+/.exec(text.slice(at + key.length + 4, at + key.length + 16))?.[0]);
  }
  return object;
}

function details(input: JsonObject | undefined, output: JsonObject | undefined, raw: RawUsage): void {
  let cacheRead = 0;
  let cacheWrite = 0;
  for (const key of Object.keys(input ?? {}).slice(0, MAX_KEYS)) {
    if (key.startsWith("cache_read")) cacheRead += countOf(input![key]);
    else if (/^(cache_creation|ephemeral_)/.test(key)) cacheWrite += countOf(input![key]);
  }
  raw.cacheRead ||= cacheRead;
  raw.cacheWrite ||= cacheWrite;
  raw.reasoning ||= countOf(output?.reasoning);
}

/** The AI SDK's provider metadata: Anthropic's raw usage, or Anthropic's and Bedrock's cache counts alone. */
export function providerUsage(text: string, raw: RawUsage): void {
  if (!text.includes('"anthropic"') && !text.includes('"bedrock"')) return;
  const metadata = jsonObject(text);
  const anthropic = objectOf(metadata?.anthropic);
  const usage = objectOf(anthropic?.usage) ?? objectOf(objectOf(metadata?.bedrock)?.usage);
  if (anthropic !== undefined && usage !== undefined && "input_tokens" in usage) {
    raw.input = countOf(usage.input_tokens);
    raw.cacheRead = countOf(usage.cache_read_input_tokens);
    raw.cacheWrite = countOf(usage.cache_creation_input_tokens);
    raw.inputIsUncached = true;
    return;
  }
  const from = usage ?? anthropic ?? {};
  const cacheRead = countOf(from.cacheReadInputTokens);
  const cacheWrite = countOf(from.cacheWriteInputTokens) || countOf(from.cacheCreationInputTokens);
  // Version 4 knew the cache from here only, and counted as Anthropic does.
  if (anthropic !== undefined && raw.cacheRead === 0 && raw.cacheWrite === 0) raw.inputIsUncached = true;
  raw.cacheRead ||= cacheRead;
  raw.cacheWrite ||= cacheWrite;
}
