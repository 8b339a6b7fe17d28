import type { Message, Part, ToolDefinition } from "../../genai/message.ts";
import { blob, modalityOf } from "../media.ts";
import { fields, listOf, textOf } from "../value.ts";

/** What a request is given: text, parts or contents, alone or in a list. */
export function contentsMessages(contents: unknown): Message[] {
  const list = Array.isArray(contents) ? contents : contents === undefined ? [] : [contents];
  const messages: Message[] = [];
  let loose: Part[] = [];
  const flush = () => {
    if (loose.length > 0) messages.push({ role: "user", parts: loose });
    loose = [];
  };
  for (const item of list) {
    const { role, parts } = fields(item);
    if (Array.isArray(parts)) {
      flush();
      messages.push(message(role, parts.map(contentPart)));
    } else loose.push(contentPart(item));
  }
  flush();
  return messages;
}

function message(role: unknown, parts: Part[]): Message {
  const isResult = parts.length > 0 && parts.every(({ type }) => type === "tool_call_response");
  return { role: isResult ? "tool" : role === "model" ? "assistant" : (textOf(role) ?? "user"), parts };
}

/** Instructions: text, a part, parts, or a content. */
export function instructionParts(given: unknown): Part[] {
  return contentsMessages(given).flatMap(({ parts }) => parts);
}

/** A part of a content, which its keys tell apart. */
export function contentPart(part: unknown): Part {
  if (typeof part === "string") return { type: "text", content: part };
  const given = fields(part);
  if (typeof given.text === "string") {
    return { type: given.thought === true ? "reasoning" : "text", content: given.text };
  }
  if (given.functionCall) {
    const { id, name, args } = fields(given.functionCall);
    return { type: "tool_call", id: textOf(id), name: String(name), arguments: args ?? {} };
  }
  if (given.functionResponse) {
    const { id, name, response } = fields(given.functionResponse);
    return { type: "tool_call_response", id: textOf(id) ?? textOf(name), response };
  }
  if (given.inlineData) {
    const { mimeType, data } = fields(given.inlineData);
    return blob(String(data), modalityOf(mimeType), textOf(mimeType));
  }
  if (given.fileData) {
    const { mimeType, fileUri } = fields(given.fileData);
    return { type: "uri", modality: modalityOf(mimeType), mime_type: textOf(mimeType), uri: String(fileUri) };
  }
  return { ...given, type: Object.keys(given)[0] ?? "unknown" };
}

export function toolDefinitions(tools: unknown): ToolDefinition[] {
  return listOf(tools).flatMap((tool) => {
    const { functionDeclarations, ...others } = fields(tool);
    const declared = listOf(functionDeclarations).map((declaration) => {
      const { name, description, parameters, parametersJsonSchema } = fields(declaration);
      const schema = parameters ?? parametersJsonSchema;
      return { type: "function", name: String(name), description: textOf(description), parameters: schema };
    });
    const builtIn = Object.keys(others).filter((name) => typeof others[name] === "object");
    return [...declared, ...builtIn.map((name) => ({ type: name, name }))];
  });
}
