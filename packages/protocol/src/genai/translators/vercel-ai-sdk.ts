import type { Conversation, Message, Part } from "../message.ts";
import { messagesFrom } from "../messages.ts";
import { partsOf, toolCallFrom } from "../parts.ts";
import { type Attributes, isRecord, parsed } from "../plain-value.ts";
import type { Source, Translator } from "../source.ts";
import { toolDefinitionsFrom } from "../tool-definitions.ts";

/** The AI SDK's own dialect, `ai.*` (all of it up to version 6, `LegacyOpenTelemetry` since). */
export const vercelAiSdk: Translator = {
  scopes: /^ai$/,
  read({ attributes }: Source): Partial<Conversation> {
    return {
      input: messagesFrom(
        attributes.first("ai.prompt.messages", "ai.prompt", "ai.values", "ai.value", "ai.documents"),
        "user",
      ),
      output: answer(attributes),
      toolDefinitions: toolDefinitionsFrom(attributes.get("ai.prompt.tools")),
    };
  },
};

/** Before version 4 the response stood under `ai.result`. */
function answer(attributes: Attributes): Message[] {
  const get = (field: string) => attributes.first(`ai.response.${field}`, `ai.result.${field}`);
  const reasoning = get("reasoning");
  const parts: Part[] = [
    ...(typeof reasoning === "string"
      ? [{ type: "reasoning", text: reasoning } as const]
      : partsOf(reasoning)),
    ...partsOf(get("text")),
    ...object(get("object")),
    ...calls(parsed(get("toolCalls"))),
    ...partsOf(files(parsed(get("files")))),
    ...object(attributes.get("ai.ranking")),
  ];
  if (parts.length === 0) return [];
  const reason = get("finishReason");
  return [{ role: "assistant", parts, ...(typeof reason === "string" ? { finishReason: reason } : {}) }];
}

function calls(list: unknown): Part[] {
  return Array.isArray(list) ? list.flatMap((call) => (isRecord(call) ? [toolCallFrom(call)] : [])) : [];
}

function files(list: unknown): unknown {
  return Array.isArray(list)
    ? list.map((file) => (isRecord(file) ? { type: "file", ...file } : file))
    : undefined;
}

function object(text: unknown): Part[] {
  const value = parsed(text);
  return value === undefined ? [] : [{ type: "json", value }];
}
