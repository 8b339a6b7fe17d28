import type { Conversation, GenAiSpan, Message, Part } from "./message.ts";
import { type GenAiLog, type Source, sourceOf, type Translator } from "./source.ts";
import { langfuse } from "./translators/langfuse.ts";
import { langSmith } from "./translators/langsmith.ts";
import { logfire } from "./translators/logfire.ts";
import { mlflow } from "./translators/mlflow.ts";
import { openInference } from "./translators/openinference.ts";
import { otelGenAi } from "./translators/otel-genai.ts";
import { otelGenAiEvents } from "./translators/otel-genai-events.ts";
import { others } from "./translators/others.ts";
import { traceloop } from "./translators/traceloop.ts";
import { vercelAiSdk } from "./translators/vercel-ai-sdk.ts";

/** Asked in this order, after those whose scope the span has. */
const TRANSLATORS: readonly Translator[] = [
  otelGenAi,
  otelGenAiEvents,
  openInference,
  vercelAiSdk,
  traceloop,
  langfuse,
  langSmith,
  mlflow,
  logfire,
  others,
];

/**
 * What a model, agent or step was given and what it answered, normalised. Every field comes from the first
 * translator that finds it; the span itself is not changed. Instructions that stand at the beginning of the
 * input are moved to `system`. `logs` are the log records of this span.
 */
export function messagesOf(span: GenAiSpan, logs: readonly GenAiLog[] = []): Conversation {
  const source = sourceOf(span, logs);
  let system: readonly Part[] = [];
  let input: readonly Message[] = [];
  let output: readonly Message[] = [];
  let toolDefinitions: Conversation["toolDefinitions"] = [];
  for (const translator of inOrder(source)) {
    const found = translator.read(source);
    if (system.length === 0) system = found.system ?? [];
    if (input.length === 0) input = (found.input ?? []).filter(hasParts);
    if (output.length === 0) output = (found.output ?? []).filter(hasParts);
    if (toolDefinitions.length === 0) toolDefinitions = found.toolDefinitions ?? [];
  }
  return { ...withoutInstructions(system, input), output: withoutEcho(input, output), toolDefinitions };
}

/** Messages compared at most, for a prefix. */
const MAX_ECHO = 1000;

/** Graphs return their whole state: what the output only repeats of the input is left out. */
function withoutEcho(input: readonly Message[], output: readonly Message[]): readonly Message[] {
  if (input.length === 0 || input.length >= output.length || input.length > MAX_ECHO) return output;
  const isEcho = input.every((message, index) => JSON.stringify(message) === JSON.stringify(output[index]));
  return isEcho ? output.slice(input.length) : output;
}

function inOrder(source: Source): Translator[] {
  const hinted = TRANSLATORS.filter(({ scopes }) => scopes.test(source.scopeName));
  return [...hinted, ...TRANSLATORS.filter((translator) => !hinted.includes(translator))];
}

function hasParts(message: Message): boolean {
  return message.parts.length > 0;
}

function withoutInstructions(
  stated: readonly Part[],
  input: readonly Message[],
): { system: readonly Part[]; input: readonly Message[] } {
  let count = 0;
  while (count < input.length && /^(system|developer)$/.test(input[count]!.role)) count++;
  const known = new Set(stated.map((part) => (part.type === "text" ? part.text : undefined)));
  const moved = input
    .slice(0, count)
    .flatMap((message) => message.parts)
    .filter((part) => part.type !== "text" || !known.has(part.text));
  return { system: [...stated, ...moved], input: input.slice(count) };
}
