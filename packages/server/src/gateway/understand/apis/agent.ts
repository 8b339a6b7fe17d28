import type { ContentLevel } from "../call.ts";
import { idsAmong } from "../correlation-ids.ts";
import { contentText } from "../messages/content-text.ts";
import { BoundedText } from "../text/bounded-text.ts";
import { fields, idOf } from "../text/value.ts";
import type { Answer, AnswerReader, Api } from "./api.ts";

/** Any agent's JSON over HTTP: all that is known of it are the ids that people put into such requests. */
export const agent: Api = {
  contentFields: new Set([
    "messages",
    "input",
    "prompt",
    "content",
    "text",
    "data",
    "history",
    "documents",
    "state",
  ]),
  request(body, _input, level) {
    const contextId = idOf(body.contextId);
    return {
      streams: false,
      values: {
        ...idsAmong(body.metadata),
        ...(contextId === undefined ? {} : { "gen_ai.conversation.id": contextId }),
        ...idsAmong(fields(body)),
      },
      content: () => ({ "input.value": contentText(level, "input.value", body) }),
    };
  },
  answer: (_request, level) => new AgentAnswer(level),
};

/** An answer in one piece is recorded as it is; of events it is not known what they mean. */
class AgentAnswer implements AnswerReader {
  readonly #level: ContentLevel;
  #isOnePiece = false;
  #value: unknown;

  constructor(level: ContentLevel) {
    this.#level = level;
  }

  bytes(): void {
    this.#isOnePiece = true;
  }

  take(value: unknown): boolean {
    if (this.#isOnePiece && this.#level !== "off") this.#value = value;
    return true;
  }

  finish(): Answer {
    return {
      isWhole: true,
      values: {},
      content: () => ({ "output.value": this.#said() }),
    };
  }

  /** A text stays a text, without quotes around it. */
  #said(): string | undefined {
    if (typeof this.#value !== "string" || this.#level !== "full")
      return contentText(this.#level, "output.value", this.#value);
    const text = new BoundedText();
    text.add(this.#value);
    return String(text);
  }
}
