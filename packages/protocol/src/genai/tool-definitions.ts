import type { ToolDefinition } from "./message.ts";
import { isRecord, parsed, textField } from "./plain-value.ts";

/**
 * Tool definitions in the form of any provider: OpenAI's `{type, function}`, Anthropic's `{name,
 * input_schema}`, Gemini's `functionDeclarations`, MCP's and the AI SDK's `inputSchema`, OpenTelemetry's
 * `{name, parameters}`. Elements may be JSON text. What has no name is left out.
 */
export function toolDefinitionsFrom(value: unknown): ToolDefinition[] {
  const list = parsed(value);
  if (isRecord(list)) return Array.isArray(list.tools) ? toolDefinitionsFrom(list.tools) : definitions(list);
  return Array.isArray(list) ? list.flatMap((entry) => definitions(parsed(entry))) : [];
}

function definitions(entry: unknown): ToolDefinition[] {
  if (!isRecord(entry)) return [];
  const declarations = entry.functionDeclarations ?? entry.function_declarations;
  if (Array.isArray(declarations)) return declarations.flatMap(definitions);
  if (isRecord(entry.toolSpec)) return definitions(entry.toolSpec);
  const tool = isRecord(entry.function) ? entry.function : entry;
  const name = textField(tool, "name") || textField(tool, "type");
  if (name === "") return [];
  const schema = tool.parameters ?? tool.input_schema ?? tool.inputSchema ?? tool.parameters_json_schema;
  const parameters = parsed(isRecord(schema) && isRecord(schema.json) ? schema.json : schema);
  return [{ name, description: textField(tool, "description"), parameters }];
}
