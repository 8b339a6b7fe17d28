import {
  type Attributes,
  type AttributeValue,
  type Context,
  context,
  createContextKey,
  type Exception,
  type Span,
  type SpanContext,
  type SpanOptions,
  type SpanStatus,
  SpanStatusCode,
  type Tracer,
} from "@opentelemetry/api";
import { attempt } from "../../attempt.ts";
import { fromJson } from "../../genai/message.ts";
import type { Operation } from "../../genai/operation.ts";
import { startTool } from "../../genai/tool.ts";
import { type Fields, fields, listOf, textOf } from "../../models/value.ts";
import { endAgent, endChat, type Recording, startAgent, startChat, usageOf } from "./calls.ts";
import { observedStream, recordItem } from "./observed-stream.ts";

type ActiveCall = (span: Span) => unknown;

/** The agent inside whose context a model or tool is called. */
const AGENT = createContextKey("clew.ai_agent");

/**
 * The tracer that versions 5 and 6 of the SDK are told to use: their spans arrive under names of the SDK's own
 * and become those of the GenAI conventions.
 */
export class TranslatingTracer implements Tracer {
  readonly #recording: () => Recording;

  constructor(recording: () => Recording) {
    this.#recording = recording;
  }

  startSpan(name: string, options: SpanOptions = {}, parent?: Context): Span {
    return this.#start(name, options.attributes ?? {}, parent);
  }

  startActiveSpan<F extends ActiveCall>(name: string, call: F): ReturnType<F>;
  startActiveSpan<F extends ActiveCall>(name: string, options: SpanOptions, call: F): ReturnType<F>;
  startActiveSpan<F extends ActiveCall>(
    name: string,
    options: SpanOptions,
    parent: Context,
    call: F,
  ): ReturnType<F>;
  startActiveSpan<F extends ActiveCall>(name: string, ...of: unknown[]): ReturnType<F> {
    const call = of.at(-1) as F;
    const options = (of.length > 1 ? of[0] : {}) as SpanOptions;
    const span = this.#start(name, options.attributes ?? {}, of.length > 2 ? (of[1] as Context) : undefined);
    const result = context.with(span.context, () => call(span)) as ReturnType<F>;
    if (!(result instanceof Promise)) return result;
    if (name.endsWith(".doStream")) return result.then((value) => span.watch(value)) as ReturnType<F>;
    if (name.endsWith(".doGenerate")) {
      span.awaitAnswer();
      result.then(
        (answer) => span.finish(answer),
        () => span.finish(),
      );
    }
    return result;
  }

  #start(name: string, attributes: Attributes, parent: Context = context.active()): TranslatedSpan {
    return context.with(parent, () => {
      const operation = attempt("clew.ai", () => startFrom(this.#recording(), name, attributes));
      return new TranslatedSpan(name, operation, parent);
    });
  }
}

function startFrom(recording: Recording, name: string, given: Attributes): Operation | undefined {
  const model = { provider: given["ai.model.provider"], modelId: given["ai.model.id"] };
  if (/^ai\.(generate|stream)(Text|Object)$/.test(name)) {
    const prompt = fields(fromJson(given["ai.prompt"]));
    return startAgent(recording, { ...prompt, ...model, functionId: given["ai.telemetry.functionId"] });
  }
  if (/^ai\.(generate|stream)(Text|Object)\.do(Generate|Stream)$/.test(name)) {
    const event: Fields = {
      ...model,
      messages: fromJson(given["ai.prompt.messages"]),
      tools: given["ai.prompt.tools"],
      maxOutputTokens: given["gen_ai.request.max_tokens"],
      temperature: given["gen_ai.request.temperature"],
      topP: given["gen_ai.request.top_p"],
      topK: given["gen_ai.request.top_k"],
      presencePenalty: given["gen_ai.request.presence_penalty"],
      frequencyPenalty: given["gen_ai.request.frequency_penalty"],
      stopSequences: given["gen_ai.request.stop_sequences"],
    };
    const chat = startChat(recording, event, context.active());
    if (name.endsWith(".doStream")) chat.set({ "gen_ai.request.stream": true });
    return chat;
  }
  if (name === "ai.toolCall") {
    return startTool(recording.tracer, recording.level, {
      name: String(given["ai.toolCall.name"]),
      id: textOf(given["ai.toolCall.id"]),
      arguments: given["ai.toolCall.args"] === undefined ? undefined : fromJson(given["ai.toolCall.args"]),
    });
  }
  return undefined;
}

/** A span that takes the SDK's attributes and records what they mean when it ends. */
class TranslatedSpan implements Span {
  /** In which the span's work runs; where the span stands for nothing, that of its parent. */
  readonly context: Context;
  readonly #name: string;
  readonly #operation: Operation | undefined;
  readonly #attributes: Attributes = {};
  #error: { name: string; message: string } | undefined;
  #awaitsAnswer = false;

  constructor(name: string, operation: Operation | undefined, parent: Context) {
    this.#name = name;
    this.#operation = operation;
    const within = operation?.context ?? parent;
    const isAgent = operation !== undefined && !/\.do|toolCall/.test(name);
    this.context = isAgent ? within.setValue(AGENT, operation) : within;
  }

  /** Has the stream of a model's answer observed: the SDK never ends the span of one that nobody reads. */
  watch(value: unknown): unknown {
    const chat = this.#operation;
    attempt("clew.ai", () => {
      const { result } = fields(value) as { result?: { stream?: unknown } };
      if (chat === undefined || !(result?.stream instanceof ReadableStream)) return;
      const agent = this.context.getValue(AGENT) as Operation | undefined;
      const stream = observedStream(result.stream, {
        item: (item) => recordItem(chat, item),
        abandoned: () => {
          chat.cancel();
          agent?.cancel();
        },
      });
      (value as { result: unknown }).result = { ...result, stream };
    });
    return value;
  }

  spanContext(): SpanContext {
    return this.#operation?.span.spanContext() ?? NO_SPAN;
  }

  setAttribute(key: string, value: AttributeValue): this {
    this.#attributes[key] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    Object.assign(this.#attributes, attributes);
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  setStatus({ code, message }: SpanStatus): this {
    if (code === SpanStatusCode.ERROR) this.#error ??= { name: "Error", message: message ?? "" };
    return this;
  }

  updateName(): this {
    return this;
  }

  recordException(exception: Exception): void {
    const { name, message } = fields(exception);
    this.#error = { name: String(name ?? "Error"), message: String(message ?? exception) };
  }

  isRecording(): boolean {
    return this.#operation?.span.isRecording() ?? false;
  }

  /** Keeps the span open until `finish`: version 5 tells more in a model's answer than in attributes. */
  awaitAnswer(): void {
    this.#awaitsAnswer = true;
  }

  end(): void {
    if (!this.#awaitsAnswer) this.finish();
  }

  finish(answer?: unknown): void {
    attempt("clew.ai", () => {
      const operation = this.#operation;
      if (operation === undefined) return;
      if (this.#error !== undefined) {
        const { name, message } = this.#error;
        if (name === "AbortError") operation.cancel();
        else operation.failAs(name, message);
      } else if (this.#name === "ai.toolCall") endTool(operation, this.#attributes);
      // The SDK tells of an answer, or ends the span of a call that was given up.
      else if (Object.keys(this.#attributes).length === 0) operation.cancel();
      else if (!this.#name.includes(".do")) endAgent(operation, agentEventOf(this.#attributes));
      else {
        operation.usage(usageOf(fields(answer).usage));
        endChat(operation, eventOf(this.#attributes));
      }
    });
  }
}

const NO_SPAN: SpanContext = { traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 };

function endTool(tool: Operation, given: Fields): void {
  const result = given["ai.toolCall.result"];
  tool.content("gen_ai.tool.call.result", () => (result === undefined ? undefined : fromJson(result)));
  tool.end();
}

/** What version 7 tells at the end of a call, from the attributes that older ones set. */
function eventOf(given: Fields): Fields {
  const text = textOf(given["ai.response.text"]) ?? textOf(given["ai.response.object"]);
  const reasoning = textOf(given["ai.response.reasoning"]);
  const calls = listOf(fromJson(given["ai.response.toolCalls"])).map((call) => ({
    ...fields(call),
    type: "tool-call",
  }));
  return {
    finishReason: given["ai.response.finishReason"],
    responseId: given["ai.response.id"],
    modelId: given["ai.response.model"],
    content: [
      ...(reasoning === undefined ? [] : [{ type: "reasoning", text: reasoning }]),
      ...(text === undefined ? [] : [{ type: "text", text }]),
      ...calls,
    ],
    usage: {
      inputTokens: given["ai.usage.inputTokens"] ?? given["ai.usage.promptTokens"],
      outputTokens: given["ai.usage.outputTokens"] ?? given["ai.usage.completionTokens"],
      cachedInputTokens:
        given["ai.usage.inputTokenDetails.cacheReadTokens"] ?? given["ai.usage.cachedInputTokens"],
      inputTokenDetails: { cacheWriteTokens: given["ai.usage.inputTokenDetails.cacheWriteTokens"] },
      reasoningTokens:
        given["ai.usage.outputTokenDetails.reasoningTokens"] ?? given["ai.usage.reasoningTokens"],
    },
  };
}

/** Version 5 tells the tokens of the last request as those of the agent, under the older names. */
function agentEventOf(given: Fields): Fields {
  const isOfLast = given["ai.usage.promptTokens"] !== undefined;
  return { ...eventOf(given), ...(isOfLast ? { usage: undefined } : {}) };
}
