import { InstrumentationBase, InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import { attempt } from "../attempt.ts";
import { isModelCallTraced } from "../genai/nesting.ts";
import type { Library } from "../library.ts";
import { traceRequest } from "../models/call.ts";
import { chatCall } from "../models/openai/chat.ts";
import { completionCall } from "../models/openai/completion.ts";
import { embeddingCall } from "../models/openai/embedding.ts";
import { responseCall } from "../models/openai/response.ts";
import { withTracedTools } from "../models/openai/runnable-tools.ts";
import { classOf, replaceMethod } from "../models/replace-method.ts";
import { fields } from "../models/value.ts";
import type { ContentLevel, Settings } from "../settings.ts";

/** The SDK `openai`, also where it calls Azure or another provider that speaks its protocol. */
export const openai: Library = {
  name: "openai",
  instrumentation: ({ content }: Settings) => new OpenAiInstrumentation(content),
};

class OpenAiInstrumentation extends InstrumentationBase {
  readonly #level: ContentLevel;

  constructor(level: ContentLevel) {
    super("clew.openai", "0.1.0", {});
    this.#level = level;
  }

  protected override init() {
    return new InstrumentationNodeModuleDefinition("openai", [">=4.0.0 <8"], (module: unknown) => {
      attempt("openai", () => this.#patch(classOf(module).OpenAI ?? fields(module).OpenAI));
      return module;
    });
  }

  #patch(client: unknown): void {
    const { Chat, Completions, Embeddings, Responses, Beta } = classOf(client);
    const { Completions: Chats } = classOf(Chat);
    this.#trace(Chats, chatCall);
    this.#trace(Completions, completionCall);
    this.#trace(Embeddings, embeddingCall);
    this.#trace(Responses, responseCall);
    this.#trace(classOf(Beta).Responses, responseCall);
    this.#traceTools(Chats);
    // Version 4 has its helpers in a class that nothing names.
    attempt("openai", () => this.#traceTools(betaChatOf(Beta)));
  }

  #trace(resource: unknown, start: typeof chatCall): void {
    replaceMethod(resource, "create", (create) => {
      const instrumentation = this;
      return function (this: unknown, ...of) {
        const request = () => create.apply(this, of);
        if (isModelCallTraced()) return request();
        const call = attempt("openai", () =>
          start(instrumentation.tracer, instrumentation.#level, fields(this)._client, of[0]),
        );
        return call === undefined ? request() : traceRequest(call, request);
      };
    });
  }

  #traceTools(resource: unknown): void {
    replaceMethod(resource, "runTools", (run) => {
      const instrumentation = this;
      return function (this: unknown, body, ...of) {
        const traced = attempt("openai", () =>
          withTracedTools(instrumentation.tracer, instrumentation.#level, body),
        );
        return run.call(this, traced ?? body, ...of);
      };
    });
  }
}

function betaChatOf(Beta: unknown): unknown {
  const make = Beta as new (client: object) => { chat?: { completions?: object } };
  return new make({}).chat?.completions?.constructor;
}
