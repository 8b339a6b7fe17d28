import type { Usage } from "../call.ts";
import { idsAmong } from "../correlation-ids.ts";
import { fields, idOf, numberOf, textOf } from "../text/value.ts";
import type { Answer, AnswerReader, Api } from "./api.ts";
import { completionUsage } from "./openai-parameters.ts";

/** `POST /embeddings`. */
export const openaiEmbeddings: Api = {
  contentFields: new Set(["input"]),
  unreadFields: new Set(["data"]),
  request(body) {
    const model = textOf(body.model);
    const format = textOf(body.encoding_format);
    return {
      model,
      streams: false,
      verb: "embeddings",
      target: model,
      values: {
        "gen_ai.operation.name": "embeddings",
        ...idsAmong(body.metadata),
        "gen_ai.request.encoding_formats": format === undefined ? undefined : [format],
        "gen_ai.embeddings.dimension.count": numberOf(body.dimensions),
        "user.id": idOf(body.user),
      },
    };
  },
  answer: () => new EmbeddingAnswer(),
};

/** Where the first vector of an answer is looked for. */
const MAX_LOOK = 256 * 1024;

class EmbeddingAnswer implements AnswerReader {
  #model: string | undefined;
  #usage: Usage | undefined;
  #dimensions: number | undefined;

  /** Vectors are counted, not read. Those that were asked for as base64 are text. */
  bytes(body: Buffer): void {
    const text = body.toString("latin1", 0, Math.min(body.length, MAX_LOOK));
    const vector = /"embedding"\s*:\s*\[([^\]]*)\]/.exec(text)?.[1];
    if (vector !== undefined && vector.trim() !== "") this.#dimensions = vector.split(",").length;
  }

  take(value: unknown): boolean {
    const { model, usage } = fields(value);
    this.#model = textOf(model);
    this.#usage = { input: completionUsage(usage)?.input };
    return false;
  }

  finish(): Answer {
    return {
      model: this.#model,
      usage: this.#usage,
      isWhole: true,
      values: { "gen_ai.embeddings.dimension.count": this.#dimensions },
    };
  }
}
