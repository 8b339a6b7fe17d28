import { idsAmong } from "../correlation-ids.ts";
import { fields, idOf } from "../text/value.ts";
import type { Api } from "./api.ts";

/** Any agent's JSON over HTTP: nothing is known of it but the ids that people put into such requests. */
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
  request(body) {
    const contextId = idOf(body.contextId);
    return {
      streams: false,
      values: {
        ...idsAmong(body.metadata),
        ...(contextId === undefined ? {} : { "gen_ai.conversation.id": contextId }),
        ...idsAmong(fields(body)),
      },
    };
  },
  answer: () => ({ take: () => true, finish: () => ({ isWhole: true, values: {} }) }),
};
