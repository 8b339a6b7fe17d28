import type { Conversation } from "../message.ts";
import { messagesFrom } from "../messages.ts";
import { isRecord } from "../plain-value.ts";
import type { Source, Translator } from "../source.ts";
import { toolDefinitionsFrom } from "../tool-definitions.ts";

/** Langfuse: one input and one output per observation, JSON text in whatever shape the application passed. */
export const langfuse: Translator = {
  scopes: /^langfuse/,
  read({ attributes }: Source): Partial<Conversation> {
    const input = attributes.json("langfuse.observation.input");
    return {
      input: messagesFrom(input ?? attributes.get("langfuse.trace.input"), "user"),
      output: messagesFrom(
        attributes.first("langfuse.observation.output", "langfuse.trace.output"),
        "assistant",
      ),
      toolDefinitions: isRecord(input) ? toolDefinitionsFrom(input.tools) : [],
    };
  },
};
