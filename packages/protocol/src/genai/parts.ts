import { mediaOf } from "./media-part.ts";
import type { Part, ToolCallPart } from "./message.ts";
import { isRecord, type PlainRecord, parsed, textField } from "./plain-value.ts";

/**
 * The parts of a message's content in any of the shapes that emitters record: plain text, OpenTelemetry's
 * parts, content blocks of OpenAI, Anthropic, Gemini and Bedrock, of the AI SDK, LangChain and Pydantic AI.
 * What is not recognised becomes a `json` part; empty content has no parts.
 */
export function partsOf(content: unknown): Part[] {
  if (content === undefined || content === null || content === "") return [];
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (Array.isArray(content)) return content.flatMap((part) => partsOf1(part));
  return partsOf1(content);
}

function partsOf1(part: unknown): Part[] {
  if (part === undefined || part === null || part === "") return [];
  if (typeof part === "string") return [{ type: "text", text: part }];
  if (!isRecord(part)) return [{ type: "json", value: part }];
  return withheld(part) ?? textual(part) ?? toolUse(part) ?? media(part) ?? [{ type: "json", value: part }];
}

/** Text that was not recorded leaves its size: `{"type": "text", "size": 12}`. */
function withheld(part: PlainRecord): Part[] | undefined {
  const isText = /^(text|reasoning|refusal|compaction)$/.test(textField(part, "type"));
  const isWithheld = isText && typeof part.size === "number" && !("content" in part) && !("text" in part);
  return isWithheld ? [{ type: "json", value: part }] : undefined;
}

function media(part: PlainRecord): Part[] | undefined {
  const found = mediaOf(part);
  return found === undefined ? undefined : [found];
}

function textual(part: PlainRecord): Part[] | undefined {
  switch (textField(part, "type")) {
    case "text":
    case "input_text":
    case "output_text":
    case "compaction":
      return text(textOf(part, "content", "text"));
    case "refusal":
      return text(textOf(part, "refusal", "content"));
    case "reasoning":
    case "thinking":
    case "reasoning_content":
      return reasoning(reasoningText(part));
    case "redacted_thinking":
    case "redacted-reasoning":
      return [{ type: "json", value: part }];
    case "": {
      if (typeof part.text === "string")
        return part.thought === true ? reasoning(part.text) : text(part.text);
      const inner = part.reasoningContent;
      if (isRecord(inner))
        return reasoning(reasoningText(isRecord(inner.reasoningText) ? inner.reasoningText : inner));
      return undefined;
    }
    default:
      return undefined;
  }
}

function text(value: string): Part[] {
  return value === "" ? [] : [{ type: "text", text: value }];
}

function reasoning(value: string): Part[] {
  return value === "" ? [] : [{ type: "reasoning", text: value }];
}

/** Text in one of the fields; LangChain and Anthropic nest it as `{text: {value}}` or as blocks now and then. */
function textOf(part: PlainRecord, ...keys: string[]): string {
  for (const key of keys) {
    const value = part[key];
    if (typeof value === "string") return value;
    if (isRecord(value) && typeof value.value === "string") return value.value;
  }
  return "";
}

/** OpenAI keeps a summary of what was thought, in pieces. */
function reasoningText(part: PlainRecord): string {
  const direct = textOf(part, "content", "thinking", "text", "reasoning");
  if (direct !== "") return direct;
  const pieces = Array.isArray(part.summary) ? part.summary : Array.isArray(part.content) ? part.content : [];
  return pieces
    .map((piece) =>
      typeof piece === "string" ? piece : isRecord(piece) ? textOf(piece, "text", "content") : "",
    )
    .filter((piece) => piece !== "")
    .join("\n");
}

function toolUse(part: PlainRecord): Part[] | undefined {
  switch (textField(part, "type")) {
    case "tool_call":
    case "tool-call":
    case "tool_use":
    case "function":
    case "function_call":
    case "custom_tool_call":
    case "server_tool_use":
      return [toolCallFrom(part)];
    case "server_tool_call":
      return [{ ...toolCallFrom(part), arguments: part.server_tool_call ?? part.arguments }];
    case "tool_call_response":
    case "tool_response":
    case "tool-result":
    case "tool_result":
    case "function_call_output":
    case "custom_tool_call_output":
    case "server_tool_call_response":
      return [toolResponseFrom(part)];
    case "":
      return untypedToolUse(part);
    default:
      return undefined;
  }
}

/** Gemini and Bedrock tell their blocks apart by the key. */
function untypedToolUse(part: PlainRecord): Part[] | undefined {
  const call = part.functionCall ?? part.function_call ?? part.toolUse;
  if (isRecord(call)) return [toolCallFrom(call)];
  const response = part.functionResponse ?? part.function_response ?? part.toolResult;
  if (isRecord(response)) return [toolResponseFrom(response)];
  return undefined;
}

/** A call in the shape of any provider: `{id, name, arguments}` or `{id, function: {name, arguments}}`. */
export function toolCallFrom(call: PlainRecord): ToolCallPart {
  const inner = isRecord(call.function) ? call.function : call;
  return {
    type: "tool_call",
    id: textOf(call, "toolCallId", "toolUseId", "call_id", "tool_call_id", "id"),
    name: textOf(inner, "name", "toolName", "tool_name"),
    arguments: parsed(inner.arguments ?? inner.input ?? inner.args ?? {}),
  };
}

function toolResponseFrom(part: PlainRecord): Part {
  return {
    type: "tool_call_response",
    id: textOf(part, "toolCallId", "tool_use_id", "toolUseId", "call_id", "tool_call_id", "id"),
    name: textOf(part, "name", "toolName", "tool_name"),
    result: toolResult(
      part.response ?? part.result ?? part.output ?? part.content ?? part.server_tool_call_response ?? null,
    ),
  };
}

/** What a tool returned: JSON parsed, the AI SDK's `{type, value}` unwrapped, lone text blocks joined. */
export function toolResult(value: unknown): unknown {
  const result = parsed(value);
  if (isRecord(result) && typeof result.type === "string" && "value" in result) {
    if (/^(error-)?(text|json)$/.test(result.type)) return result.value;
  }
  if (Array.isArray(result) && result.length > 0 && result.every(isTextBlock)) {
    const texts = result.map((block) => (block as PlainRecord).text as string);
    return texts.length === 1 ? parsed(texts[0]) : texts.join("\n");
  }
  return result;
}

function isTextBlock(block: unknown): boolean {
  return (
    isRecord(block) && typeof block.text === "string" && (block.type === "text" || block.type === undefined)
  );
}
