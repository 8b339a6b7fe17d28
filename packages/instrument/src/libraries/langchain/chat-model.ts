import { type Attributes, context, trace } from "@opentelemetry/api";
import { attempt } from "../../attempt.ts";
import { isModelCallTraced, withModelCallTraced } from "../../genai/nesting.ts";
import { observeIterator } from "../../genai/observe-iterator.ts";
import { type Operation, startOperation } from "../../genai/operation.ts";
import { runOperation } from "../../genai/run-operation.ts";
import { replaceMethod } from "../../models/replace-method.ts";
import { fields, listOf, numberOf, textOf } from "../../models/value.ts";
import type { Settings } from "../../settings.ts";
import { messagesOf } from "./messages.ts";

/** Classes whose requests the SDK of their provider makes, and the library that traces it. */
const SDKS: readonly (readonly [pattern: RegExp, library: string])[] = [
  [/^(Base|Azure)?ChatOpenAI/, "openai"],
  [/^ChatAnthropic/, "anthropic"],
];

/** Gives a model's requests a span where no SDK below it does: every request has one, never two. */
export function traceChatModel(model: unknown, settings: Settings): void {
  const start = (of: unknown, messages: unknown) => {
    if (isModelCallTraced() || isTracedBelow(of, settings.disabledLibraries)) return undefined;
    return attempt("clew.langchain", () => startChat(of, messages, settings));
  };
  replaceMethod(
    model,
    "_generateUncached",
    (generate) =>
      function (this: unknown, messages, ...of) {
        const call = () => generate.call(this, messages, ...of);
        const chat = start(this, listOf(messages)[0]);
        if (chat === undefined) return call();
        return runOperation(chat, call, (result) =>
          recordAnswer(chat, fields(listOf(listOf(fields(result).generations)[0])[0]).message),
        );
      },
  );
  replaceMethod(
    model,
    "_streamIterator",
    (stream) =>
      function (this: unknown, input, ...of) {
        const iterate = () => stream.call(this, input, ...of) as AsyncGenerator;
        const chat = start(this, fields(input).messages ?? input);
        return chat === undefined ? iterate() : observed(iterate(), chat);
      },
  );
}

/** A generator does nothing before it is asked, and then in the context of who asks. */
function observed(generator: AsyncGenerator, chat: Operation): AsyncGenerator {
  let answer: { concat?: (other: unknown) => unknown } | undefined;
  const next = generator.next;
  generator.next = (...of) => context.with(chat.context, () => next.apply(generator, of));
  return observeIterator(generator, {
    item(message) {
      chat.chunk();
      const { concat } = answer ?? {};
      answer = (typeof concat === "function" ? concat.call(answer, message) : message) as typeof answer;
    },
    done() {
      recordAnswer(chat, answer);
      chat.end();
    },
    failed: (error) => chat.fail(error),
    abandoned: () => chat.cancel(),
  });
}

function isTracedBelow(model: unknown, disabled: ReadonlySet<string>): boolean {
  for (let of: object | null = model as object; of !== null; of = Object.getPrototypeOf(of)) {
    const name = of.constructor?.name ?? "";
    const sdk = SDKS.find(([pattern]) => pattern.test(name));
    if (sdk !== undefined) return !disabled.has(sdk[1]);
  }
  return false;
}

function startChat(model: unknown, messages: unknown, { content }: Settings): Operation {
  const { ls_provider: provider, ls_temperature, ls_max_tokens } = paramsOf(model);
  const { model: name, modelName } = fields(model);
  const attributes: Attributes = {
    "gen_ai.provider.name": textOf(provider),
    "gen_ai.request.model": textOf(name) ?? textOf(modelName),
    "gen_ai.request.temperature": numberOf(ls_temperature),
    "gen_ai.request.max_tokens": numberOf(ls_max_tokens),
  };
  const chat = startOperation(trace.getTracer("clew.langchain"), content, {
    operation: "chat",
    target: textOf(name) ?? textOf(modelName),
    attributes,
    parent: withModelCallTraced(),
  });
  chat.content("gen_ai.input.messages", () => messagesOf(messages));
  return chat;
}

function paramsOf(model: unknown): Readonly<Record<string, unknown>> {
  const { getLsParams: get } = model as { getLsParams?: (options: object) => unknown };
  return fields(typeof get === "function" ? attempt("clew.langchain", () => get.call(model, {})) : undefined);
}

function recordAnswer(chat: Operation, message: unknown): void {
  attempt("clew.langchain", () => {
    const { id, usage_metadata: usage, response_metadata: response } = fields(message);
    const { finish_reason, stop_reason, model_name, model } = fields(response);
    const finish = textOf(finish_reason) ?? textOf(stop_reason);
    const { input_tokens, output_tokens, input_token_details, output_token_details } = fields(usage);
    chat.set({
      "gen_ai.response.id": textOf(id),
      "gen_ai.response.model": textOf(model_name) ?? textOf(model),
      "gen_ai.response.finish_reasons": finish === undefined ? undefined : [finish],
    });
    chat.usage({
      input: numberOf(input_tokens),
      output: numberOf(output_tokens),
      cacheRead: numberOf(fields(input_token_details).cache_read),
      cacheWrite: numberOf(fields(input_token_details).cache_creation),
      reasoning: numberOf(fields(output_token_details).reasoning),
    });
    chat.content("gen_ai.output.messages", () => (message === undefined ? [] : messagesOf([message])));
  });
}
