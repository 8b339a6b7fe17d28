import { type Fields, fields, fromJson, listOf, textOf } from "../text/value.ts";
import { blob, linked, type Message, type Part, type ToolDefinition } from "./message.ts";

/** The messages of a request for a chat completion. */
export function chatMessages(messages: unknown): Message[] {
  return listOf(messages).map((message) => {
    const given = fields(message);
    const { role, name, content, tool_call_id } = given;
    const isResult = role === "tool" || role === "function";
    const parts = isResult
      ? [{ type: "tool_call_response", id: textOf(tool_call_id) ?? textOf(name), response: content }]
      : saidParts(given);
    return {
      role: isResult ? "tool" : String(role),
      parts,
      ...(typeof name === "string" ? { name } : {}),
    };
  });
}

/** What one message thinks, says and calls. */
export function saidParts(message: Fields): Part[] {
  const { content, refusal, tool_calls, function_call, audio } = message;
  const thought = textOf(message.reasoning_content) ?? textOf(message.reasoning);
  const parts: Part[] = thought === undefined ? [] : [{ type: "reasoning", content: thought }];
  if (typeof content === "string") {
    if (content !== "") parts.push({ type: "text", content });
  } else parts.push(...listOf(content).map(contentPart));
  if (textOf(refusal) !== undefined) parts.push({ type: "refusal", content: refusal });
  const sound = fields(audio).data;
  if (typeof sound === "string") parts.push(blob(sound, "audio", undefined));
  for (const call of listOf(tool_calls)) {
    const { id, function: called, custom } = fields(call);
    parts.push(toolCall(id, fields(called ?? custom)));
  }
  if (function_call) parts.push(toolCall(undefined, fields(function_call)));
  return parts;
}

function toolCall(id: unknown, { name, arguments: given, input }: Fields): Part {
  return { type: "tool_call", id: textOf(id), name: String(name ?? ""), arguments: fromJson(given ?? input) };
}

/** A part of a chat message or of an item of the Responses API. */
function contentPart(part: unknown): Part {
  const given = fields(part);
  switch (given.type) {
    case "text":
    case "input_text":
    case "output_text":
    case "summary_text":
      return { type: "text", content: String(given.text ?? "") };
    case "refusal":
      return { type: "refusal", content: given.refusal };
    case "image_url":
      return linked(String(fields(given.image_url).url ?? ""), "image");
    case "input_image":
      return typeof given.image_url === "string"
        ? linked(given.image_url, "image")
        : { type: "file", modality: "image", file_id: String(given.file_id ?? "") };
    case "input_audio": {
      const { data, format } = fields(given.input_audio);
      return blob(String(data ?? ""), "audio", typeof format === "string" ? `audio/${format}` : undefined);
    }
    case "file":
      return document(fields(given.file));
    case "input_file":
      return document(given);
    default:
      return { ...given, type: String(given.type ?? "unknown") };
  }
}

function document({ file_id, file_data, file_url }: Fields): Part {
  const url = textOf(file_url) ?? textOf(file_data);
  if (url === undefined) return { type: "file", modality: "document", file_id: String(file_id ?? "") };
  return linked(url, "document");
}

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

/** Instructions of the Responses API: a text or items. */
export function instructionParts(given: unknown): readonly Part[] {
  if (typeof given === "string") return [{ type: "text", content: given }];
  return inputMessages(given).flatMap(({ parts }) => parts);
}

/** What an item of the Responses API says. */
export function itemParts(item: unknown): Part[] {
  const given = fields(item);
  const type = String(given.type ?? "message");
  const id = textOf(given.call_id) ?? textOf(given.id);
  switch (type) {
    case "message":
      return typeof given.content === "string"
        ? [{ type: "text", content: given.content }]
        : listOf(given.content).map(contentPart);
    case "reasoning": {
      const texts = [...listOf(given.summary), ...listOf(given.content)].map((piece) => fields(piece).text);
      const content = texts.filter((text) => typeof text === "string").join("\n");
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
      if (!type.endsWith("_call")) return [{ ...given, type }];
      // Tools that run at the provider: web search, code interpreter, remote MCP servers.
      return [
        { type: "server_tool_call", id, name: type.slice(0, -"_call".length), server_tool_call: given },
      ];
  }
}

/** Tools of chat completions and of responses. */
export function toolDefinitions(tools: unknown): ToolDefinition[] {
  return listOf(tools).map((tool) => {
    const outer = fields(tool);
    const { name, description, parameters } = fields(outer.function ?? outer.custom ?? tool);
    const type = String(outer.type ?? "function");
    return { type, name: textOf(name) ?? type, description: textOf(description), parameters };
  });
}
