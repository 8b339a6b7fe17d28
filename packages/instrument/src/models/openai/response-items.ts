import { fromJson, type Message, type Part } from "../../genai/message.ts";
import { fields, listOf, textOf } from "../value.ts";
import { contentPart } from "./messages.ts";

/** The input of a request of the Responses API. */
export function inputMessages(input: unknown): Message[] {
  if (typeof input === "string") return [{ role: "user", parts: [{ type: "text", content: input }] }];
  return listOf(input).map((item) => {
    const { type, role } = fields(item);
    if (typeof role === "string") return { role, parts: itemParts(item) };
    const isResult = typeof type === "string" && type.endsWith("_output");
    return { role: isResult ? "tool" : "assistant", parts: itemParts(item) };
  });
}

/** What a model answered: one message, whose parts are the items. */
export function outputMessages(output: unknown, finishReason: string | undefined): Message[] {
  const parts = listOf(output).flatMap(itemParts);
  if (parts.length === 0) return [];
  return [
    { role: "assistant", parts, ...(finishReason === undefined ? {} : { finish_reason: finishReason }) },
  ];
}

function itemParts(item: unknown): Part[] {
  const given = fields(item);
  const type = String(given.type ?? "message");
  const id = textOf(given.call_id) ?? textOf(given.id);
  switch (type) {
    case "message":
      return typeof given.content === "string"
        ? [{ type: "text", content: given.content }]
        : listOf(given.content).map(contentPart);
    case "reasoning": {
      const content = [...listOf(given.summary), ...listOf(given.content)]
        .map((piece) => fields(piece).text)
        .filter((text) => typeof text === "string")
        .join("\n");
      return content === "" ? [] : [{ type: "reasoning", content }];
    }
    case "function_call":
      return [{ type: "tool_call", id, name: String(given.name), arguments: fromJson(given.arguments) }];
    case "custom_tool_call":
      return [{ type: "tool_call", id, name: String(given.name), arguments: given.input }];
    case "function_call_output":
    case "custom_tool_call_output":
      return [{ type: "tool_call_response", id, response: given.output }];
    default:
      return [other(type, id, given)];
  }
}

/** Tools that run at the provider: web search, code interpreter, remote MCP servers. */
function other(type: string, id: string | undefined, item: object): Part {
  if (!type.endsWith("_call")) return { ...item, type };
  return { type: "server_tool_call", id, name: type.slice(0, -"_call".length), server_tool_call: item };
}
