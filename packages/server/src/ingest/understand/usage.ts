import { SLOT, type SlotValues, textAt } from "./slot.ts";
import { clamped, count } from "./text.ts";
import { langfuseUsage, langsmithUsage, mlflowUsage, providerUsage, tokenDetails } from "./usage-json.ts";

/** Tokens of one call. `input` includes what was read from and written to the cache, `output` the reasoning. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  reasoningTokens: number;
}

/** What an emitter states, before the arithmetic. */
export interface RawUsage {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  reasoning: number;
  total: number;
  /** `input` leaves cached tokens out, as Anthropic's and Bedrock's APIs count. */
  inputIsUncached: boolean;
}

const raw: RawUsage = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  reasoning: 0,
  total: 0,
  inputIsUncached: false,
};

/**
 * Fills `out` with the tokens a span states.
 *
 * Emitters differ in whether the input includes cached tokens. OpenTelemetry says it does, and those that
 * follow it add them up. Exceptions: Claude Code and OpenLLMetry's Bedrock instrumentation pass on raw
 * numbers; Langfuse's buckets exclude one another; the AI SDK before version 6 passed Anthropic's raw
 * numbers, which its `providerMetadata` gives away. Whatever the dialect: an input smaller than its cached
 * part, or a total that counts the cached part on top, shows that it was left out.
 */
export function usageOf(slots: SlotValues, scopeName: string, isModelCall: boolean, out: Usage): void {
  raw.input = count(slots[SLOT.inputTokens]);
  raw.output = count(slots[SLOT.outputTokens]);
  raw.cacheRead = count(slots[SLOT.cacheReadTokens]);
  raw.cacheWrite = count(slots[SLOT.cacheWriteTokens]);
  raw.reasoning = count(slots[SLOT.reasoningTokens]);
  raw.total = count(slots[SLOT.totalTokens]);
  raw.inputIsUncached = scopeName === "opentelemetry.instrumentation.bedrock";
  readJson(slots, isModelCall);
  if (slots[SLOT.plainInput] !== undefined && raw.input === 0) readPlain(slots);
  settle(out);
}

function readJson(slots: SlotValues, isModelCall: boolean): void {
  const langfuse = textAt(slots, SLOT.langfuseUsage);
  if (langfuse !== undefined) langfuseUsage(langfuse, raw);
  const mlflow = textAt(slots, SLOT.mlflowUsage);
  if (mlflow !== undefined) mlflowUsage(mlflow, raw);
  const langsmith = textAt(slots, SLOT.langsmithUsage);
  if (langsmith !== undefined) langsmithUsage(langsmith, raw);
  const inputDetails = textAt(slots, SLOT.inputDetails);
  const outputDetails = textAt(slots, SLOT.outputDetails);
  if (inputDetails !== undefined || outputDetails !== undefined)
    tokenDetails(inputDetails, outputDetails, raw);
  // A span around several calls has the metadata of the last one only.
  const metadata = isModelCall ? textAt(slots, SLOT.providerMetadata) : undefined;
  if (metadata !== undefined) providerUsage(metadata, raw);
}

/** Claude Code. */
function readPlain(slots: SlotValues): void {
  raw.input = count(slots[SLOT.plainInput]);
  raw.output = count(slots[SLOT.plainOutput]);
  raw.cacheRead = count(slots[SLOT.plainCacheRead]);
  raw.cacheWrite = count(slots[SLOT.plainCacheWrite]);
  raw.inputIsUncached = slots[SLOT.kind] !== undefined;
}

function settle(out: Usage): void {
  let { input, output } = raw;
  const { cacheRead, cacheWrite, reasoning, total } = raw;
  const cached = cacheRead + cacheWrite;
  if (cached > 0 && (raw.inputIsUncached || cached > input || total === input + output + cached))
    input += cached;
  if (output === 0 && total > input && input > 0) output = total - input;
  else if (input === 0 && total > output && output > 0) input = total - output;
  // Gemini's API counts thoughts apart from the answer.
  if (reasoning > output) output += reasoning;
  out.inputTokens = clamped(input);
  out.outputTokens = clamped(output);
  out.cacheReadTokens = cacheRead;
  out.cacheWriteTokens = cacheWrite;
  out.reasoningTokens = reasoning;
}
