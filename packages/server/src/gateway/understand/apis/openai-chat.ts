import type { ContentLevel, Usage } from "../call.ts";
import { contentText } from "../messages/content-text.ts";
import type { Message } from "../messages/message.ts";
import { chatMessages, saidParts, toolDefinitions } from "../messages/openai.ts";
import { BoundedText } from "../text/bounded-text.ts";
import { type Fields, fields, listOf, numberOf, textOf } from "../text/value.ts";
import { type Answer, type AnswerReader, type Api, indexOf, ToolNames } from "./api.ts";
import { completionUsage, outputType, samplingValues } from "./openai-parameters.ts";

/** `POST /chat/completions`, of OpenAI and of everybody who speaks as it does. */
export const openaiChat: Api = {
  contentFields: new Set(["messages", "tools", "functions", "prediction"]),
  request(body, _input, level) {
    const model = textOf(body.model);
    const streams = body.stream === true;
    return {
      model,
      streams,
      verb: "chat",
      target: model,
      values: {
        "gen_ai.operation.name": "chat",
        "openai.api.type": "chat_completions",
        ...samplingValues(body),
        "gen_ai.request.max_tokens": numberOf(body.max_completion_tokens) ?? numberOf(body.max_tokens),
        "gen_ai.request.reasoning.level":
          textOf(body.reasoning_effort) ?? textOf(fields(body.reasoning).effort),
        "gen_ai.output.type": outputType(fields(body.response_format).type, body.modalities),
      },
      content: () => ({
        "gen_ai.input.messages": contentText(level, "gen_ai.input.messages", chatMessages(body.messages)),
        "gen_ai.tool.definitions": contentText(
          level,
          "gen_ai.tool.definitions",
          toolDefinitions(body.tools ?? body.functions),
        ),
      }),
    };
  },
  answer: (_request, level) => new ChatAnswer(level),
};

interface Choice {
  reason: string | undefined;
  /** Of an answer in one piece. */
  message: Fields | undefined;
  readonly content: BoundedText;
  readonly thought: BoundedText;
  readonly refusal: BoundedText;
  readonly calls: Call[];
}

interface Call {
  id: unknown;
  readonly name: BoundedText;
  readonly arguments: BoundedText;
}

/** Puts choices together; what they say is kept only where it is recorded. */
class ChatAnswer implements AnswerReader {
  readonly #level: ContentLevel;
  readonly #choices: Choice[] = [];
  #head: Fields | undefined;
  #usage: Usage | undefined;

  constructor(level: ContentLevel) {
    this.#level = level;
  }

  take(value: unknown): boolean {
    const chunk = fields(value);
    if (this.#head === undefined && (chunk.id !== undefined || chunk.model !== undefined))
      this.#head = headOf(chunk);
    const usage = chunk.usage ?? fields(chunk.x_groq).usage;
    if (usage) this.#usage = completionUsage(usage);
    let isOutput = false;
    for (const piece of listOf(chunk.choices)) {
      const { index, delta, message, finish_reason } = fields(piece);
      const choice = this.#choiceAt(indexOf(index, 0));
      if (choice === undefined) continue;
      choice.reason = textOf(finish_reason) ?? choice.reason;
      if (message !== undefined) choice.message = fields(message);
      isOutput = this.#add(choice, fields(delta ?? message)) || isOutput;
    }
    return isOutput;
  }

  finish(): Answer {
    const choices = this.#choices.filter(Boolean);
    const reasons = choices.map(({ reason }) => reason).filter((reason) => reason !== undefined);
    const names = new ToolNames();
    for (const { calls } of choices) for (const call of calls.filter(Boolean)) names.add(String(call.name));
    const { model, ...head } = this.#head ?? {};
    return {
      model: textOf(model),
      usage: this.#usage,
      isWhole: choices.length > 0 && reasons.length === choices.length,
      values: {
        ...(head as Record<string, string | undefined>),
        ...names.values,
        "gen_ai.response.finish_reasons": reasons.length === 0 ? undefined : reasons,
      },
      content: () => ({
        "gen_ai.output.messages": contentText(this.#level, "gen_ai.output.messages", choices.map(said)),
      }),
    };
  }

  #choiceAt(index: number | undefined): Choice | undefined {
    if (index === undefined) return undefined;
    this.#choices[index] ??= {
      reason: undefined,
      message: undefined,
      content: new BoundedText(),
      thought: new BoundedText(),
      refusal: new BoundedText(),
      calls: [],
    };
    return this.#choices[index];
  }

  #add(choice: Choice, delta: Fields): boolean {
    const { content, refusal, tool_calls, function_call } = delta;
    const thought = delta.reasoning_content ?? delta.reasoning;
    const calls = function_call ? [{ index: 0, function: function_call }] : listOf(tool_calls);
    for (const [place, piece] of calls.entries()) addCall(choice.calls, fields(piece), place, this.#level);
    if (this.#level !== "off" && choice.message === undefined) {
      choice.content.add(content);
      choice.thought.add(thought);
      choice.refusal.add(refusal);
    }
    return isText(content) || isText(thought) || isText(refusal) || calls.length > 0;
  }
}

function isText(value: unknown): boolean {
  return (typeof value === "string" && value !== "") || (Array.isArray(value) && value.length > 0);
}

function addCall(calls: Call[], piece: Fields, place: number, level: ContentLevel): void {
  const { index, id, function: called, custom } = piece;
  const at = indexOf(index, place);
  if (at === undefined) return;
  calls[at] ??= { id: undefined, name: new BoundedText(), arguments: new BoundedText() };
  const { name, arguments: given, input } = fields(called ?? custom);
  if (id) calls[at].id = id;
  calls[at].name.add(name);
  if (level !== "off") calls[at].arguments.add(given ?? input);
}

function said({ message, content, thought, refusal, calls, reason }: Choice): Message {
  const parts = saidParts(
    message ?? {
      content: String(content),
      reasoning_content: String(thought),
      refusal: String(refusal),
      tool_calls: calls.filter(Boolean).map((call) => ({
        id: call.id,
        function: { name: String(call.name), arguments: String(call.arguments) },
      })),
    },
  );
  return { role: "assistant", parts, finish_reason: reason };
}

/** Id, model and tier, which every chunk of a stream repeats. */
function headOf(chunk: Fields): Fields {
  return {
    model: chunk.model,
    "gen_ai.response.id": textOf(chunk.id),
    "openai.response.service_tier": textOf(chunk.service_tier),
    "openai.response.system_fingerprint": textOf(chunk.system_fingerprint),
  };
}
