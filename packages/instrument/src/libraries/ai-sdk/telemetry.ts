import { context } from "@opentelemetry/api";
import { attempt } from "../../attempt.ts";
import type { Operation } from "../../genai/operation.ts";
import { startTool } from "../../genai/tool.ts";
import { type Fields, fields } from "../../models/value.ts";
import { endAgent, endChat, type Recording, startAgent, startChat } from "./calls.ts";
import { activeObjectCall } from "./object-call.ts";
import { observedStream, recordItem } from "./observed-stream.ts";

/** One call of a function of the SDK that is under way. */
interface Call {
  readonly id: string;
  readonly agent: Operation;
  chat?: Operation;
  readonly tools: Map<string, Operation>;
}

interface Execution<T> extends Fields {
  readonly execute: () => PromiseLike<T>;
}

/**
 * What version 7 of the SDK tells of its calls, as spans. The SDK asks for all methods at once and awaits what
 * they return; none of them throws.
 */
export class SdkTelemetry {
  readonly #recording: () => Recording;
  readonly #calls = new Map<string, Call>();

  constructor(recording: () => Recording) {
    this.#recording = recording;
  }

  onStart(event: Fields): void {
    this.#attempt(() => {
      // Only version 7 counts calls; what tells spans by itself is left to do so.
      if (typeof event.callId !== "string" || hasOwnTelemetry(this)) return;
      if (!/^ai\.(generate|stream)(Text|Object)$|[aA]gent/.test(String(event.operationId))) return;
      const begun = /Object$/.test(String(event.operationId)) ? activeObjectCall() : undefined;
      this.#calls.set(event.callId, {
        id: event.callId,
        agent: begun?.agent ?? startAgent(this.#recording(), event),
        ...(begun === undefined ? {} : { chat: begun.chat }),
        tools: new Map(),
      });
    });
  }

  onLanguageModelCallStart(event: Fields): void {
    this.#attempt(() => {
      const call = this.#callOf(event);
      if (call !== undefined) call.chat = startChat(this.#recording(), event, call.agent.context);
    });
  }

  /** `generateObject` tells of its requests in a way of its own. */
  onObjectStepStart(event: Fields): void {
    this.#attempt(() => {
      if (this.#callOf(event)?.chat !== undefined) return;
      this.onLanguageModelCallStart({ ...event, messages: event.promptMessages });
    });
  }

  executeLanguageModelCall<T>(execution: Execution<T>): PromiseLike<T> {
    const { execute } = execution;
    const call = attempt("clew.ai", () => this.#callOf(execution));
    if (call === undefined) return execute();
    // A request that is repeated after a failure is one more request.
    if (call.chat?.isOver === true) {
      attempt("clew.ai", () => {
        call.chat = startChat(this.#recording(), execution, call.agent.context);
      });
    }
    const { chat } = call;
    if (chat === undefined) return execute();
    return chat.run(execute).then(
      (result) => this.#watched(call, chat, result),
      (error: unknown) => {
        chat.fail(error);
        throw error;
      },
    );
  }

  onLanguageModelCallEnd(event: Fields): void {
    this.#attempt(() => {
      const call = this.#callOf(event);
      if (call?.chat !== undefined) endChat(call.chat, event);
    });
  }

  onObjectStepEnd(event: Fields): void {
    const response = fields(event.response);
    this.onLanguageModelCallEnd({
      ...event,
      responseId: response.id,
      modelId: response.modelId,
      content: event.objectText,
    });
  }

  onToolExecutionStart(event: Fields): void {
    this.#attempt(() => {
      const call = this.#callOf(event);
      const { toolCallId, toolName, input } = fields(event.toolCall);
      if (call === undefined || typeof toolCallId !== "string") return;
      const { tracer, level } = this.#recording();
      const start = () =>
        startTool(tracer, level, { name: String(toolName), id: toolCallId, arguments: input });
      call.tools.set(toolCallId, context.with(call.agent.context, start));
    });
  }

  executeTool<T>(execution: Execution<T>): PromiseLike<T> {
    const { execute } = execution;
    const tool = attempt("clew.ai", () => this.#callOf(execution)?.tools.get(String(execution.toolCallId)));
    return tool === undefined ? execute() : tool.run(execute);
  }

  onToolExecutionEnd(event: Fields): void {
    this.#attempt(() => {
      const call = this.#callOf(event);
      const output = fields(event.toolOutput);
      const id = String(fields(event.toolCall).toolCallId);
      const tool = call?.tools.get(id);
      if (call === undefined || tool === undefined) return;
      call.tools.delete(id);
      if (output.type === "tool-error") return tool.fail(output.error);
      tool.content("gen_ai.tool.call.result", () => output.output);
      tool.end();
    });
  }

  onEnd(event: Fields): void {
    this.#attempt(() => {
      const call = this.#over(event);
      if (call === undefined) return;
      for (const operation of openOf(call)) operation.cancel();
      endAgent(call.agent, event);
    });
  }

  onError(event: unknown): void {
    this.#attempt(() => {
      const call = this.#over(fields(event));
      if (call === undefined) return;
      for (const operation of [...openOf(call), call.agent]) operation.fail(fields(event).error);
    });
  }

  onAbort(event: Fields): void {
    this.#attempt(() => {
      const call = this.#over(event);
      if (call === undefined) return;
      for (const operation of [...openOf(call), call.agent]) operation.cancel();
    });
  }

  #attempt(step: () => void): void {
    attempt("clew.ai", step);
  }

  #callOf(event: Fields): Call | undefined {
    return this.#calls.get(String(event.callId));
  }

  #over(event: Fields): Call | undefined {
    const call = this.#callOf(event);
    this.#calls.delete(String(event.callId));
    return call;
  }

  #watched<T>(call: Call, chat: Operation, result: T): T {
    return (
      attempt("clew.ai", () => {
        const { stream } = fields(result);
        if (!(stream instanceof ReadableStream)) return result;
        chat.set({ "gen_ai.request.stream": true });
        const observed = observedStream(stream, {
          item: (value) => recordItem(chat, value),
          abandoned: () => {
            this.#calls.delete(call.id);
            for (const operation of [...openOf(call), call.agent]) operation.cancel();
          },
        });
        return { ...result, stream: observed };
      }) ?? result
    );
  }
}

function openOf({ chat, tools }: Call): Operation[] {
  return chat === undefined ? [...tools.values()] : [chat, ...tools.values()];
}

/** Whether the agent has had its calls traced itself: with two integrations every span would come twice. */
function hasOwnTelemetry(own: SdkTelemetry): boolean {
  const registered: unknown = (globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown })
    .AI_SDK_TELEMETRY_INTEGRATIONS;
  if (!Array.isArray(registered)) return false;
  return registered.some((other: object) => other !== own && /OpenTelemetry/.test(other?.constructor?.name));
}
