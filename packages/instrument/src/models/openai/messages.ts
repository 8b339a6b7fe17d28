import { fromJson, type Message, type Part, type ToolDefinition } from "../../genai/message.ts";
import { blob, linked } from "../media.ts";
import { fields, listOf, textOf } from "../value.ts";

/** The messages of a request for a chat completion. */
export function chatMessages(messages: unknown): Message[] {
  return listOf(messages).map(chatMessage);
}

function chatMessage(message: unknown): Message {
  const { role, name, content, tool_call_id } = fields(message);
  const parts =
    role === "tool" || role === "function"
      ? [{ type: "tool_call_response" as const, id: textOf(tool_call_id) ?? textOf(name), response: content }]
      : assistantParts(message);
  return { role: role === "function" ? "tool" : String(role), parts, ...named(name) };
}

function named(name: unknown): { name?: string } {
  return typeof name === "string" ? { name } : {};
}

/** What one message says, thinks and calls. */
export function assistantParts(message: unknown): Part[] {
  const { content, refusal, tool_calls, function_call, reasoning_content, audio } = fields(message);
  const parts: Part[] = [];
  const thought = textOf(reasoning_content);
  if (thought !== undefined) parts.push({ type: "reasoning", content: thought });
  parts.push(...contentParts(content));
  if (textOf(refusal) !== undefined) parts.push({ type: "refusal", content: refusal });
  const sound = fields(audio);
  if (typeof sound.data === "string") parts.push(blob(sound.data, "audio", undefined));
  for (const call of listOf(tool_calls)) parts.push(toolCall(call));
  if (function_call) {
    const { name, arguments: given } = fields(function_call);
    parts.push({ type: "tool_call", name: String(name), arguments: fromJson(given) });
  }
  return parts;
}

function toolCall(call: unknown): Part {
  const { id, function: called, custom } = fields(call);
  const { name, arguments: given, input } = fields(called ?? custom);
  return { type: "tool_call", id: textOf(id), name: String(name ?? ""), arguments: fromJson(given ?? input) };
}

function contentParts(content: unknown): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", content }];
  return listOf(content).map(contentPart);
}

/** A part of a chat message or of an item of the Responses API. */
export function contentPart(part: unknown): Part {
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
      return document(given.file);
    case "input_file":
      return document(given);
    default:
      return { ...given, type: String(given.type ?? "unknown") };
  }
}

function document(file: unknown): Part {
  const { file_id, file_data, file_url } = fields(file);
  const url = textOf(file_url) ?? textOf(file_data);
  if (url === undefined) return { type: "file", modality: "document", file_id: String(file_id ?? "") };
  return linked(url, "document");
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
