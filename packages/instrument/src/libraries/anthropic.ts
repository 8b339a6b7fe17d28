import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from "@opentelemetry/instrumentation";
import { attempt } from "../attempt.ts";
import { isModelCallTraced } from "../genai/nesting.ts";
import type { Library } from "../library.ts";
import { messageCall } from "../models/anthropic/message-call.ts";
import { hasNativeSpan, recordNativeContent, withoutNativeSpan } from "../models/anthropic/native-tracing.ts";
import { traceRequest } from "../models/call.ts";
import { classOf, replaceMethod } from "../models/replace-method.ts";
import { streamMade } from "../models/sdk-stream.ts";
import { fields } from "../models/value.ts";
import type { ContentLevel, Settings } from "../settings.ts";

const NAME = "@anthropic-ai/sdk";

/** Anthropic's SDK, and its relatives for Bedrock and Vertex, which build on it. */
export const anthropic: Library = {
  name: NAME,
  instrumentation: ({ content }: Settings) => new AnthropicInstrumentation(content),
};

class AnthropicInstrumentation extends InstrumentationBase {
  readonly #level: ContentLevel;

  constructor(level: ContentLevel) {
    super("clew.anthropic", "0.1.0", {});
    this.#level = level;
  }

  protected override init() {
    const patch = (module: unknown) => {
      attempt("anthropic", () => this.#patch({ ...classOf(module), ...fields(module) }));
      return module;
    };
    // Streams of threads, which came with version 1, are made of a response that another call got.
    const streaming = ["js", "mjs"].map(
      (end) =>
        new InstrumentationNodeModuleFile(
          `${NAME}/core/streaming.${end}`,
          [">=1 <2"],
          traceStreams,
          () => {},
        ),
    );
    return new InstrumentationNodeModuleDefinition(NAME, [">=0.20.0 <2"], patch, undefined, streaming);
  }

  #patch({ Anthropic, BaseAnthropic }: Readonly<Record<string, unknown>>): void {
    const { Messages, Beta } = classOf(Anthropic);
    for (const messages of [Messages, classOf(Beta).Messages]) {
      this.#trace(messages);
      replaceMethod(messages, "stream", (stream) => {
        return function (this: unknown, ...of) {
          return withoutNativeSpan(fields(this)._client, () => stream.apply(this, of));
        };
      });
    }
    recordNativeContent(BaseAnthropic, this.#level);
  }

  #trace(messages: unknown): void {
    replaceMethod(messages, "create", (create) => {
      const instrumentation = this;
      return function (this: unknown, ...of) {
        const [body, options] = of;
        const { _client: client } = fields(this);
        if (hasNativeSpan(client, options)) return create.apply(this, of);
        const request = () => withoutNativeSpan(client, () => create.apply(this, of));
        if (isModelCallTraced()) return request();
        const call = attempt("anthropic", () =>
          messageCall(instrumentation.tracer, instrumentation.#level, client, body, options),
        );
        return call === undefined ? request() : traceRequest(call, request);
      };
    });
  }
}

type Factory = (this: unknown, ...of: unknown[]) => unknown;

function traceStreams(module: unknown): unknown {
  attempt("anthropic", () => {
    const Stream = fields(module).Stream as { fromSSEResponse: Factory };
    const make = Stream.fromSSEResponse;
    Stream.fromSSEResponse = function (this: unknown, ...of) {
      const stream = make.apply(this, of);
      attempt("anthropic", () => streamMade(of[1], stream));
      return stream;
    };
  });
  return module;
}
