import type { Attributes, Tracer } from "@opentelemetry/api";
import type { Message, Part } from "../../genai/message.ts";
import type { StreamReader } from "../../genai/observe-stream.ts";
import { type Operation, startOperation } from "../../genai/operation.ts";
import type { ContentLevel } from "../../settings.ts";
import type { ModelCall } from "../call.ts";
import { fields, listOf, numberOf, textOf } from "../value.ts";
import { assistantParts, chatMessages, toolDefinitions } from "./messages.ts";
import { providerAttributes } from "./provider.ts";

/** `chat.completions.create`. */
export function chatCall(tracer: Tracer, level: ContentLevel, client: unknown, body: unknown): ModelCall {
  const request = fields(body);
  const operation = startOperation(tracer, level, {
    operation: "chat",
    target: textOf(request.model),
    attributes: {
      ...providerAttributes(client),
      ...samplingAttributes(request),
      "openai.api.type": "chat_completions",
      "gen_ai.request.max_tokens": numberOf(request.max_completion_tokens) ?? numberOf(request.max_tokens),
      "gen_ai.request.reasoning.level": textOf(request.reasoning_effort),
      "gen_ai.output.type": outputType(fields(request.response_format).type, request.modalities),
    },
  });
  operation.content("gen_ai.input.messages", () => chatMessages(request.messages));
  operation.content("gen_ai.tool.definitions", () => toolDefinitions(request.tools));
  return {
    operation,
    answer: (data) => chatAnswer(operation, data),
    reader: () => chatReader(operation),
  };
}

/** What chat completions, text completions and responses are asked in the same words. */
export function samplingAttributes(request: Readonly<Record<string, unknown>>): Attributes {
  const { n, stop, service_tier: tier } = request;
  const stops = typeof stop === "string" ? [stop] : listOf(stop).filter((text) => typeof text === "string");
  return {
    "gen_ai.request.model": textOf(request.model),
    "gen_ai.request.stream": request.stream === true ? true : undefined,
    "gen_ai.request.temperature": numberOf(request.temperature),
    "gen_ai.request.top_p": numberOf(request.top_p),
    "gen_ai.request.frequency_penalty": numberOf(request.frequency_penalty),
    "gen_ai.request.presence_penalty": numberOf(request.presence_penalty),
    "gen_ai.request.seed": numberOf(request.seed),
    "gen_ai.request.choice.count": n === 1 ? undefined : numberOf(n),
    "gen_ai.request.stop_sequences": stops.length === 0 ? undefined : (stops as string[]),
    "openai.request.service_tier": tier === "auto" ? undefined : textOf(tier),
  };
}

/** `gen_ai.output.type` of a format that was asked for. */
export function outputType(format: unknown, modalities?: unknown): string | undefined {
  if (listOf(modalities).includes("audio")) return "speech";
  if (format === "json_schema" || format === "json_object") return "json";
  return format === "text" ? "text" : undefined;
}

function chatAnswer(operation: Operation, data: unknown): void {
  const answer = fields(data);
  const choices = listOf(answer.choices).map(fields);
  recordAnswer(operation, answer);
  recordReasons(operation, choices);
  operation.content("gen_ai.output.messages", () =>
    choices.map(({ message, finish_reason }) => said(assistantParts(message), finish_reason)),
  );
}

function said(parts: Part[], reason: unknown): Message {
  return { role: "assistant", parts, finish_reason: textOf(reason) };
}

/** Id, model, tier and usage, which every chunk of a stream may carry. */
export function recordAnswer(operation: Operation, answer: Readonly<Record<string, unknown>>): void {
  operation.set({
    "gen_ai.response.id": textOf(answer.id),
    "gen_ai.response.model": textOf(answer.model),
    "openai.response.service_tier": textOf(answer.service_tier),
    "openai.response.system_fingerprint": textOf(answer.system_fingerprint),
  });
  if (!answer.usage) return;
  const usage = fields(answer.usage);
  const input = fields(usage.prompt_tokens_details);
  operation.usage({
    input: numberOf(usage.prompt_tokens),
    output: numberOf(usage.completion_tokens),
    cacheRead: numberOf(input.cached_tokens),
    cacheWrite: numberOf(input.cache_write_tokens),
    reasoning: numberOf(fields(usage.completion_tokens_details).reasoning_tokens),
  });
}

export function recordReasons(
  operation: Operation,
  choices: readonly Readonly<Record<string, unknown>>[],
): void {
  const reasons = choices
    .map(({ finish_reason }) => textOf(finish_reason))
    .filter((reason) => reason !== undefined);
  if (reasons.length > 0) operation.set({ "gen_ai.response.finish_reasons": reasons });
}

interface Choice {
  finish_reason: unknown;
  content: string;
  refusal: string;
  reasoning_content: string;
  readonly tool_calls: { id?: unknown; function: { name: string; arguments: string } }[];
}

/** Puts the chunks of a stream together; what they say is kept only where it is recorded. */
function chatReader(operation: Operation): StreamReader {
  const choices: Choice[] = [];
  let isFirst = true;
  return {
    item(value) {
      const chunk = fields(value);
      if (isFirst || chunk.usage) recordAnswer(operation, chunk);
      isFirst = false;
      for (const piece of listOf(chunk.choices)) {
        const { index, delta, finish_reason } = fields(piece);
        const choice = choiceAt(choices, numberOf(index) ?? 0);
        if (choice === undefined) continue;
        if (finish_reason) choice.finish_reason = finish_reason;
        if (operation.level !== "off") add(choice, delta);
      }
    },
    finish() {
      const known = choices.filter(Boolean);
      recordReasons(operation, known as unknown as Readonly<Record<string, unknown>>[]);
      operation.content("gen_ai.output.messages", () =>
        known.map((choice) => said(assistantParts(choice), choice.finish_reason)),
      );
    },
  };
}

/** Nobody asks for more choices; a wrong index must not make a huge list. */
const MAX_INDEX = 127;

function choiceAt(choices: Choice[], index: number): Choice | undefined {
  if (index < 0 || index > MAX_INDEX) return undefined;
  choices[index] ??= {
    finish_reason: undefined,
    content: "",
    refusal: "",
    reasoning_content: "",
    tool_calls: [],
  };
  return choices[index];
}

function add(choice: Choice, delta: unknown): void {
  const { content, refusal, reasoning_content, tool_calls } = fields(delta);
  choice.content += textOf(content) ?? "";
  choice.refusal += textOf(refusal) ?? "";
  choice.reasoning_content += textOf(reasoning_content) ?? "";
  for (const piece of listOf(tool_calls)) {
    const { index, id, function: called } = fields(piece);
    const at = numberOf(index) ?? choice.tool_calls.length;
    if (at < 0 || at > MAX_INDEX) continue;
    choice.tool_calls[at] ??= { function: { name: "", arguments: "" } };
    const call = choice.tool_calls[at];
    const { name, arguments: given } = fields(called);
    if (id) call.id = id;
    call.function.name += textOf(name) ?? "";
    call.function.arguments += textOf(given) ?? "";
  }
}
