import { fields, listOf, textOf } from "../text/value.ts";
import { blob, linked, type Message, modalityOf, type Part, type ToolDefinition } from "./message.ts";

/** The messages of a request. Results of tools, which the API has the user send, get the role `tool`. */
export function requestMessages(messages: unknown): Message[] {
  return listOf(messages).map((message) => {
    const { role, content } = fields(message);
    const parts = contentParts(content);
    const isResult = parts.length > 0 && parts.every(({ type }) => type === "tool_call_response");
    return { role: isResult ? "tool" : String(role), parts };
  });
}

/** Text or content blocks. */
export function contentParts(content: unknown): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", content }];
  return listOf(content).map(contentPart);
}

function contentPart(block: unknown): Part {
  const given = fields(block);
  const type = String(given.type ?? "unknown");
  const id = textOf(given.id);
  switch (type) {
    case "text":
      return { type: "text", content: String(given.text ?? "") };
    case "thinking":
      return { type: "reasoning", content: String(given.thinking ?? "") };
    case "tool_use":
      return { type: "tool_call", id, name: String(given.name), arguments: given.input };
    case "tool_result":
      return { type: "tool_call_response", id: textOf(given.tool_use_id), response: given.content };
    case "image":
    case "document":
      return media(type, given.source) ?? { ...given, type };
    case "server_tool_use":
    case "mcp_tool_use": {
      const name = String(given.name);
      return { type: "server_tool_call", id, name, server_tool_call: { type: name, ...fields(given.input) } };
    }
    default:
      if (!type.endsWith("_tool_result")) return { ...given, type };
      return {
        type: "server_tool_call_response",
        id: textOf(given.tool_use_id),
        server_tool_call_response: given,
      };
  }
}

function media(type: "image" | "document", source: unknown): Part | undefined {
  const { type: kind, media_type, data, url, file_id } = fields(source);
  if (kind === "base64") return blob(String(data), modalityOf(media_type), textOf(media_type));
  if (kind === "url") return linked(String(url), type);
  if (kind === "file") return { type: "file", modality: type, file_id: String(file_id) };
  return kind === "text" ? { type: "text", content: String(data) } : undefined;
}

export function toolDefinitions(tools: unknown): ToolDefinition[] {
  return listOf(tools).map((tool) => {
    const { type, name, description, input_schema } = fields(tool);
    const kind = type === undefined || type === "custom" ? "function" : String(type);
    return {
      type: kind,
      name: textOf(name) ?? kind,
      description: textOf(description),
      parameters: input_schema,
    };
  });
}
