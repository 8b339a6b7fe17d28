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
const VERSIONS = [">=0.20.0 <2"];

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
      attempt("anthropic", () => {
        const { Anthropic, BaseAnthropic } = { ...classOf(module), ...fields(module) };
        const { Messages, Beta } = classOf(Anthropic);
        this.#patch(Messages);
        this.#patch(classOf(Beta).Messages);
        recordNativeContent(BaseAnthropic, this.#level);
      });
      return module;
    };
    // The SDKs for Bedrock and Vertex import these files and not the package.
    const patchFile = (module: unknown) => {
      attempt("anthropic", () => this.#patch(fields(module).Messages));
      return module;
    };
    return new InstrumentationNodeModuleDefinition(NAME, VERSIONS, patch, undefined, [
      ...files("resources/messages/messages", VERSIONS, patchFile),
      ...files("resources/beta/messages/messages", VERSIONS, patchFile),
      // Streams of threads, which came with version 1, are made of a response that another call got.
      ...files("core/streaming", [">=1 <2"], traceStreams),
    ]);
  }

  #patch(messages: unknown): void {
    this.#trace(messages);
    replaceMethod(messages, "stream", (stream) => {
      return function (this: unknown, ...of) {
        return withoutNativeSpan(fields(this)._client, () => stream.apply(this, of));
      };
    });
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

/** A file of the package, in both of the forms that it is published in. */
function files(path: string, versions: string[], patch: (module: unknown) => unknown) {
  return ["js", "mjs"].map(
    (end) => new InstrumentationNodeModuleFile(`${NAME}/${path}.${end}`, versions, patch, () => {}),
  );
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
