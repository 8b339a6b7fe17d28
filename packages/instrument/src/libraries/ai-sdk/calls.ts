import { type Attributes, type Context, context, SpanKind, type Tracer, trace } from "@opentelemetry/api";
import { withModelCallTraced } from "../../genai/nesting.ts";
import { type Operation, startOperation } from "../../genai/operation.ts";
import type { Usage } from "../../genai/usage.ts";
import { type Fields, fields, numberOf, textOf } from "../../models/value.ts";
import type { ContentLevel } from "../../settings.ts";
import { instructionsOf, messagesOf, outputOf, toolDefinitionsOf } from "./messages.ts";
import { providerName } from "./provider-name.ts";

/** What all of the SDK's spans share. */
export interface Recording {
  readonly tracer: Tracer;
  readonly level: ContentLevel;
}

export function recordingAt(level: ContentLevel): Recording {
  return { tracer: trace.getTracer("clew.ai"), level };
}

/** A call of `generateText` and its like: an agent, which calls models and tools until it has an answer. */
export function startAgent({ tracer, level }: Recording, event: Fields): Operation {
  const name = textOf(event.functionId);
  const operation = startOperation(tracer, level, {
    operation: "invoke_agent",
    target: name,
    kind: SpanKind.INTERNAL,
    attributes: {
      "gen_ai.agent.name": name,
      "gen_ai.provider.name": providerName(event.provider),
      "gen_ai.request.model": textOf(event.modelId),
    },
  });
  recordPrompt(operation, event);
  return operation;
}

/** One request to a model; SDKs of providers that it uses get no span of their own. */
export function startChat({ tracer, level }: Recording, event: Fields, parent: Context): Operation {
  const model = textOf(event.modelId);
  const operation = startOperation(tracer, level, {
    operation: "chat",
    target: model,
    attributes: { ...modelAttributes(event), ...settingAttributes(event) },
    parent: withModelCallTraced(parent),
  });
  recordPrompt(operation, event);
  operation.content("gen_ai.tool.definitions", () => toolDefinitionsOf(event.tools));
  return operation;
}

export function startEmbedding(
  { tracer, level }: Recording,
  event: Fields,
  parent: Context = context.active(),
): Operation {
  return startOperation(tracer, level, {
    operation: event.operationId === "ai.rerank" ? "rerank" : "embeddings",
    target: textOf(event.modelId),
    attributes: {
      ...modelAttributes(event),
      "gen_ai.embeddings.dimension.count": numberOf(event.dimensions),
    },
    parent: withModelCallTraced(parent),
  });
}

export function modelAttributes(event: Fields): Attributes {
  return {
    "gen_ai.provider.name": providerName(event.provider),
    "gen_ai.request.model": textOf(event.modelId),
  };
}

function settingAttributes(event: Fields): Attributes {
  const stop = event.stopSequences;
  return {
    "gen_ai.request.max_tokens": numberOf(event.maxOutputTokens),
    "gen_ai.request.temperature": numberOf(event.temperature),
    "gen_ai.request.top_p": numberOf(event.topP),
    "gen_ai.request.top_k": numberOf(event.topK),
    "gen_ai.request.presence_penalty": numberOf(event.presencePenalty),
    "gen_ai.request.frequency_penalty": numberOf(event.frequencyPenalty),
    "gen_ai.request.seed": numberOf(event.seed),
    "gen_ai.request.stop_sequences": Array.isArray(stop) ? stop.map(String) : undefined,
  };
}

function recordPrompt(operation: Operation, event: Fields): void {
  const messages = event.messages ?? event.prompt;
  const listed = typeof messages === "string" ? [{ role: "user", content: messages }] : messages;
  operation.content("gen_ai.system_instructions", () =>
    instructionsOf(event.instructions ?? event.system, listed),
  );
  operation.content("gen_ai.input.messages", () => messagesOf(listed));
}

/** Records what a model answered; `event` is what the SDK tells at the end of the request. */
export function endChat(operation: Operation, event: Fields): void {
  const finish = textOf(event.finishReason);
  operation.set({
    "gen_ai.response.id": textOf(event.responseId),
    "gen_ai.response.model": textOf(event.modelId),
    "gen_ai.response.finish_reasons": finish === undefined ? undefined : [finish],
  });
  operation.usage(usageOf(event.usage));
  operation.content("gen_ai.output.messages", () => outputOf(event.content, finish));
  operation.end();
}

/** Records what an agent answered: its last step is its answer. */
export function endAgent(operation: Operation, event: Fields): void {
  const finish = textOf(event.finishReason);
  operation.set({ "gen_ai.response.finish_reasons": finish === undefined ? undefined : [finish] });
  operation.usage(usageOf(event.totalUsage ?? event.usage));
  const last = fields(event.finalStep);
  operation.content("gen_ai.output.messages", () =>
    outputOf(last.content ?? event.content ?? jsonOf(event.object), finish),
  );
  operation.end();
}

function jsonOf(object: unknown): string | undefined {
  return object === undefined ? undefined : JSON.stringify(object);
}

export function usageOf(usage: unknown): Usage {
  const of = fields(usage);
  const input = fields(of.inputTokenDetails);
  const output = fields(of.outputTokenDetails);
  return {
    input: numberOf(of.inputTokens) ?? numberOf(of.promptTokens) ?? numberOf(of.tokens),
    output: numberOf(of.outputTokens) ?? numberOf(of.completionTokens),
    cacheRead: numberOf(input.cacheReadTokens) ?? numberOf(of.cachedInputTokens),
    cacheWrite: numberOf(input.cacheWriteTokens),
    reasoning: numberOf(output.reasoningTokens) ?? numberOf(of.reasoningTokens),
  };
}
