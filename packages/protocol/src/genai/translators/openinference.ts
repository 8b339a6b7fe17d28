import type { Conversation, Message } from "../message.ts";
import { messageFrom, messagesFrom } from "../messages.ts";
import { isRecord, type PlainRecord, textField } from "../plain-value.ts";
import type { Source, Translator } from "../source.ts";
import { toolDefinitionsFrom } from "../tool-definitions.ts";
import { unflatten } from "../unflatten.ts";

/** OpenInference (Arize): `llm.input_messages.N.message.*`, `input.value`, documents. */
export const openInference: Translator = {
  scopes: /^(openinference\.|@arizeai\/openinference)/,
  read({ attributes }: Source): Partial<Conversation> {
    const input = listed(unflatten(attributes, "llm.input_messages"), "user");
    const output = listed(unflatten(attributes, "llm.output_messages"), "assistant");
    return {
      input: or(
        input,
        () => [
          ...texts(unflatten(attributes, "llm.prompts"), "prompt", "user"),
          ...messagesFrom(attributes.get("reranker.query"), "user"),
        ],
        () => messagesFrom(attributes.get("input.value"), "user"),
        () => embedded(unflatten(attributes, "embedding.embeddings")),
      ),
      output: or(
        output,
        () => texts(unflatten(attributes, "llm.choices"), "completion", "assistant"),
        () => documents(unflatten(attributes, "retrieval.documents")),
        () => documents(unflatten(attributes, "reranker.output_documents")),
        () => messagesFrom(attributes.get("output.value"), "assistant"),
      ),
      toolDefinitions: toolDefinitionsFrom(schemas(unflatten(attributes, "llm.tools"))),
    };
  },
};

function or(found: Message[], ...others: (() => Message[])[]): Message[] {
  for (const other of others) {
    if (found.length > 0) break;
    found = other();
  }
  return found;
}

function listed(list: unknown, role: string): Message[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry) => {
    const message = isRecord(entry) ? entry.message : undefined;
    return isRecord(message) ? (messageFrom(shaped(message, role), role) ?? []) : [];
  });
}

/** The same message in the shape model APIs use. */
function shaped(message: PlainRecord, role: string): PlainRecord {
  const contents = Array.isArray(message.contents) ? message.contents.map(block) : undefined;
  const calls = Array.isArray(message.tool_calls)
    ? message.tool_calls.map((call) => (isRecord(call) ? call.tool_call : call))
    : undefined;
  return {
    role: textField(message, "role") || role,
    content: contents ?? message.content,
    name: message.name,
    tool_call_id: message.tool_call_id,
    ...(calls === undefined ? {} : { tool_calls: calls }),
    ...(typeof message.function_call_name === "string"
      ? {
          function_call: {
            name: message.function_call_name,
            arguments: message.function_call_arguments_json,
          },
        }
      : {}),
  };
}

function block(entry: unknown): unknown {
  if (!isRecord(entry)) return entry;
  if (isRecord(entry.tool_call)) return { ...entry.tool_call, type: "tool_use" };
  const content = isRecord(entry.message_content) ? entry.message_content : entry;
  if (isRecord(content.image) && isRecord(content.image.image)) {
    return { type: "image", image: content.image.image };
  }
  return content;
}

function texts(list: unknown, key: string, role: string): Message[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry) => {
    const inner = isRecord(entry) ? entry[key] : undefined;
    return isRecord(inner) ? messagesFrom(inner.text, role) : [];
  });
}

function documents(list: unknown): Message[] {
  if (!Array.isArray(list) || list.length === 0) return [];
  const found = list.map((entry) => (isRecord(entry) ? (entry.document ?? entry) : entry));
  return [{ role: "assistant", parts: [{ type: "json", value: found }] }];
}

function embedded(list: unknown): Message[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry) => {
    const embedding = isRecord(entry) ? entry.embedding : undefined;
    return isRecord(embedding) ? messagesFrom(embedding.text, "user") : [];
  });
}

function schemas(list: unknown): unknown {
  if (!Array.isArray(list)) return [];
  return list.map((entry) => (isRecord(entry) && isRecord(entry.tool) ? entry.tool.json_schema : entry));
}
