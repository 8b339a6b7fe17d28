import { InstrumentationBase, InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import { attempt } from "../attempt.ts";
import { isModelCallTraced } from "../genai/nesting.ts";
import { observeStream } from "../genai/observe-stream.ts";
import type { Operation } from "../genai/operation.ts";
import { runOperation } from "../genai/run-operation.ts";
import type { Library } from "../library.ts";
import { contentReader, recordContent, startContent } from "../models/google-genai/content-call.ts";
import { recordEmbedding, startEmbedding } from "../models/google-genai/embedding-call.ts";
import { tracedLoop, tracedStreamLoop } from "../models/google-genai/function-calling.ts";
import { replaceMethod } from "../models/replace-method.ts";
import { fields } from "../models/value.ts";
import type { ContentLevel, Settings } from "../settings.ts";

const NAME = "@google/genai";
const LOOPS = { generateContent: tracedLoop, generateContentStream: tracedStreamLoop };

/** Google's SDK for Gemini, with an API key or on Vertex. */
export const googleGenAi: Library = {
  name: NAME,
  instrumentation: ({ content }: Settings) => new GoogleGenAiInstrumentation(content),
};

class GoogleGenAiInstrumentation extends InstrumentationBase {
  readonly #level: ContentLevel;

  constructor(level: ContentLevel) {
    super("clew.google-genai", "0.1.0", {});
    this.#level = level;
  }

  protected override init() {
    return new InstrumentationNodeModuleDefinition(NAME, [">=1.0.0 <4"], (module: unknown) => {
      attempt("google-genai", () => this.#patch(fields(module).Models));
      return module;
    });
  }

  /** One request each; what the public methods add, calling functions by themselves, is around them. */
  #patch(models: unknown): void {
    this.#traceLoops(models);
    this.#trace(
      models,
      "generateContentInternal",
      (client, params) => startContent(this.tracer, this.#level, client, params, false),
      recordContent,
    );
    this.#trace(
      models,
      "embedContentInternal",
      (client, params) => startEmbedding(this.tracer, this.#level, client, params),
      recordEmbedding,
    );
    replaceMethod(models, "generateContentStreamInternal", (original) => {
      const instrumentation = this;
      return function (this: unknown, ...of) {
        const request = () => original.apply(this, of);
        if (isModelCallTraced()) return request();
        const operation = attempt("google-genai", () => {
          const { apiClient } = fields(this);
          return startContent(instrumentation.tracer, instrumentation.#level, apiClient, of[0], true);
        });
        return operation === undefined ? request() : traceStream(operation, request);
      };
    });
  }

  /** The constructor gives every instance these methods. */
  #traceLoops(models: unknown): void {
    const prototype: unknown = typeof models === "function" ? models.prototype : undefined;
    if (typeof prototype !== "object" || prototype === null) return;
    const [tracer, level] = [this.tracer, this.#level];
    for (const [name, trace] of Object.entries(LOOPS)) {
      if (name in prototype) continue;
      Object.defineProperty(prototype, name, {
        configurable: true,
        get: () => undefined,
        set(given: unknown) {
          const isMethod = typeof given === "function";
          const value = isMethod ? trace(tracer, level, this, given as Parameters<typeof trace>[3]) : given;
          Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
        },
      });
    }
  }

  #trace(
    models: unknown,
    method: string,
    start: (client: unknown, params: unknown) => Operation,
    record: (operation: Operation, answer: unknown) => void,
  ): void {
    replaceMethod(models, method, (original) => {
      return function (this: unknown, ...of) {
        const request = () => original.apply(this, of);
        if (isModelCallTraced()) return request();
        const operation = attempt("google-genai", () => start(fields(this).apiClient, of[0]));
        if (operation === undefined) return request();
        return runOperation(operation, request, (answer) => {
          attempt("google-genai", () => record(operation, answer));
        });
      };
    });
  }
}

async function traceStream(operation: Operation, request: () => unknown): Promise<unknown> {
  let stream: unknown;
  try {
    stream = await operation.run(request);
  } catch (error) {
    operation.fail(error);
    throw error;
  }
  attempt("google-genai", () => observeStream(stream as object, operation, contentReader(operation)));
  return stream;
}
