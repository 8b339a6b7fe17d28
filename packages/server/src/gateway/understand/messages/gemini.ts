import { fields, listOf, textOf } from "../text/value.ts";
import { blob, type Message, modalityOf, type Part, type ToolDefinition } from "./message.ts";

/** The contents of a request; keys are read in both spellings of protobuf's JSON. */
export function contentsMessages(contents: unknown): Message[] {
  const list = Array.isArray(contents) ? contents : contents === undefined ? [] : [contents];
  return list.map((content) => {
    const { role, parts: given } = fields(content);
    const parts = (Array.isArray(given) ? given : given === undefined ? [] : [given]).map(contentPart);
    const isResult = parts.length > 0 && parts.every(({ type }) => type === "tool_call_response");
    return { role: isResult ? "tool" : role === "model" ? "assistant" : (textOf(role) ?? "user"), parts };
  });
}

/** A part of a content, which its keys tell apart. */
export function contentPart(part: unknown): Part {
  const given = fields(part);
  if (typeof given.text === "string") {
    return { type: given.thought === true ? "reasoning" : "text", content: given.text };
  }
  const call = given.functionCall ?? given.function_call;
  if (call) {
    const { id, name, args } = fields(call);
    return { type: "tool_call", id: textOf(id), name: String(name), arguments: args ?? {} };
  }
  const result = given.functionResponse ?? given.function_response;
  if (result) {
    const { id, name, response } = fields(result);
    return { type: "tool_call_response", id: textOf(id) ?? textOf(name), response };
  }
  const inline = given.inlineData ?? given.inline_data;
  if (inline) {
    const { mimeType, mime_type, data } = fields(inline);
    const type = mimeType ?? mime_type;
    return blob(String(data), modalityOf(type), textOf(type));
  }
  const file = given.fileData ?? given.file_data;
  if (file) {
    const { mimeType, mime_type, fileUri, file_uri } = fields(file);
    const type = mimeType ?? mime_type;
    return {
      type: "uri",
      modality: modalityOf(type),
      mime_type: textOf(type),
      uri: String(fileUri ?? file_uri),
    };
  }
  return { ...given, type: Object.keys(given)[0] ?? "unknown" };
}

export function toolDefinitions(tools: unknown): ToolDefinition[] {
  return listOf(tools).flatMap((tool) => {
    const { functionDeclarations, function_declarations, ...others } = fields(tool);
    const declared = listOf(functionDeclarations ?? function_declarations).map((declaration) => {
      const { name, description, parameters, parametersJsonSchema } = fields(declaration);
      const schema = parameters ?? parametersJsonSchema;
      return { type: "function", name: String(name), description: textOf(description), parameters: schema };
    });
    const builtIn = Object.keys(others).filter((name) => typeof others[name] === "object");
    return [...declared, ...builtIn.map((name) => ({ type: name, name }))];
  });
}
