import type { Conversation } from "../message.ts";
import { messagesFrom } from "../messages.ts";
import { isRecord } from "../plain-value.ts";
import type { Source, Translator } from "../source.ts";
import { toolDefinitionsFrom } from "../tool-definitions.ts";

/** LangSmith's OpenTelemetry export: inputs and outputs of a run as JSON in `gen_ai.prompt` and `gen_ai.completion`. */
export const langSmith: Translator = {
  scopes: /^langsmith/,
  read({ attributes }: Source): Partial<Conversation> {
    const inputs = attributes.json("gen_ai.prompt");
    return {
      input: messagesFrom(inputs, "user"),
      output: messagesFrom(attributes.json("gen_ai.completion"), "assistant"),
      toolDefinitions: isRecord(inputs) ? toolDefinitionsFrom(inputs.tools) : [],
    };
  },
};
