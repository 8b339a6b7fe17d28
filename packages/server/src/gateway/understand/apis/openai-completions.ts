import type { ContentLevel, Usage } from "../call.ts";
import { contentText } from "../messages/content-text.ts";
import { userTexts } from "../messages/message.ts";
import { BoundedText } from "../text/bounded-text.ts";
import { fields, listOf, numberOf, textOf } from "../text/value.ts";
import { type Answer, type AnswerReader, type Api, indexOf } from "./api.ts";
import { completionUsage, samplingValues } from "./openai-parameters.ts";

/** `POST /completions`: the API for text before there was chat; servers of open models still speak it. */
export const openaiCompletions: Api = {
  contentFields: new Set(["prompt", "suffix"]),
  request(body, _input, level) {
    const model = textOf(body.model);
    return {
      model,
      streams: body.stream === true,
      verb: "text_completion",
      target: model,
      values: {
        "gen_ai.operation.name": "text_completion",
        ...samplingValues(body),
        "gen_ai.request.max_tokens": numberOf(body.max_tokens),
      },
      content: () => ({
        "gen_ai.input.messages": contentText(level, "gen_ai.input.messages", userTexts(body.prompt)),
      }),
    };
  },
  answer: (_request, level) => new CompletionAnswer(level),
};

class CompletionAnswer implements AnswerReader {
  readonly #level: ContentLevel;
  readonly #texts: BoundedText[] = [];
  readonly #reasons: string[] = [];
  #id: string | undefined;
  #model: string | undefined;
  #usage: Usage | undefined;

  constructor(level: ContentLevel) {
    this.#level = level;
  }

  take(value: unknown): boolean {
    const { id, model, usage, choices } = fields(value);
    this.#id ??= textOf(id);
    this.#model ??= textOf(model);
    this.#usage = completionUsage(usage) ?? this.#usage;
    let isOutput = false;
    for (const choice of listOf(choices)) {
      const { index, text, finish_reason } = fields(choice);
      const at = indexOf(index, 0);
      if (at === undefined) continue;
      this.#texts[at] ??= new BoundedText();
      if (this.#level !== "off") this.#texts[at].add(text);
      const reason = textOf(finish_reason);
      if (reason !== undefined) this.#reasons[at] = reason;
      isOutput ||= textOf(text) !== undefined;
    }
    return isOutput;
  }

  finish(): Answer {
    const reasons = this.#reasons.filter((reason) => reason !== undefined);
    const texts = this.#texts.filter(Boolean);
    return {
      model: this.#model,
      usage: this.#usage,
      isWhole: texts.length > 0 && reasons.length === texts.length,
      values: {
        "gen_ai.response.id": this.#id,
        "gen_ai.response.finish_reasons": reasons.length === 0 ? undefined : reasons,
      },
      content: () => ({
        "gen_ai.output.messages": contentText(
          this.#level,
          "gen_ai.output.messages",
          texts.map((text) => ({ role: "assistant", parts: [{ type: "text", content: String(text) }] })),
        ),
      }),
    };
  }
}
