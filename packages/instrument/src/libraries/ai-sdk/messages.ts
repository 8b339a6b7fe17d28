import {
  fromJson,
  type Message,
  type Modality,
  type Part,
  type ToolDefinition,
} from "../../genai/message.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Messages of a prompt, in the form of any of the SDK's versions; those of role `system` are left out. */
export function messagesOf(messages: unknown): Message[] {
  if (!Array.isArray(messages)) return [];
  return (messages as Fields[])
    .filter(({ role }) => role !== "system")
    .map(({ role, content }) => ({ role: String(role), parts: partsOf(content) }));
}

/** System instructions: stated apart, and those that are messages. */
export function instructionsOf(instructions: unknown, messages?: unknown): Part[] {
  const stated = Array.isArray(instructions)
    ? instructions
    : instructions === undefined
      ? []
      : [instructions];
  const inline = Array.isArray(messages)
    ? (messages as Fields[]).filter(({ role }) => role === "system")
    : [];
  return [...stated, ...inline].flatMap((entry: unknown) =>
    partsOf(typeof entry === "object" && entry !== null ? (entry as Fields).content : entry),
  );
}

/** What a model answered: its content parts, one message. */
export function outputOf(content: unknown, finishReason: unknown): Message[] {
  const parts = partsOf(content);
  if (parts.length === 0) return [];
  return [{ role: "assistant", parts, finish_reason: String(finishReason ?? "") || undefined }];
}

export function toolDefinitionsOf(tools: unknown): ToolDefinition[] {
  const listed = Array.isArray(tools)
    ? (tools.map(fromJson) as Fields[])
    : Object.entries((tools ?? {}) as Record<string, Fields>).map(
        ([name, tool]) => ({ name, ...tool }) as Fields,
      );
  return listed.map((tool) => ({
    type: typeof tool.type === "string" ? tool.type : "function",
    name: String(tool.name ?? ""),
    description: typeof tool.description === "string" ? tool.description : undefined,
    parameters: tool.inputSchema,
  }));
}

/** Content is text or a list of parts; later versions have parts that this falls back on `type` for. */
export function partsOf(content: unknown): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", content }];
  return Array.isArray(content) ? content.map((part: Fields) => partOf(part)) : [];
}

function partOf(part: Fields): Part {
  const id = typeof part.toolCallId === "string" ? part.toolCallId : undefined;
  switch (part.type) {
    case "text":
    case "reasoning":
      return { type: part.type, content: String(part.text ?? "") };
    case "tool-call":
      return {
        type: "tool_call",
        id,
        name: String(part.toolName ?? ""),
        arguments: fromJson(part.input ?? part.args),
      };
    case "tool-result":
      return { type: "tool_call_response", id, response: plainOutput(part.output ?? part.result) };
    case "tool-error":
      return { type: "tool_call_response", id, response: String(part.error) };
    case "image":
      return mediaOf(part.image, "image", part.mediaType ?? part.mimeType);
    case "file":
      return fileOf(part);
    default:
      return { ...part, type: String(part.type ?? "unknown") };
  }
}

/** Results are wrapped with how they are meant: `{type: "json", value}`. */
function plainOutput(output: unknown): unknown {
  const { type, value } = (output ?? {}) as Fields;
  return typeof type === "string" && value !== undefined ? value : output;
}

function fileOf(part: Fields): Part {
  const file = (part.file ?? part) as Fields;
  const mediaType = file.mediaType ?? file.mimeType;
  const kind = String(mediaType ?? "").split("/")[0];
  const modality = kind === "image" || kind === "audio" || kind === "video" ? kind : "document";
  return mediaOf(file.base64 ?? file.data ?? file.url, modality, mediaType);
}

function mediaOf(data: unknown, modality: Modality, mediaType: unknown): Part {
  const mime_type = typeof mediaType === "string" ? mediaType : undefined;
  const inner = (data ?? {}) as Fields;
  if (inner.type === "data") return mediaOf(inner.data, modality, mediaType);
  if (inner.type === "url") return mediaOf(inner.url, modality, mediaType);
  if (data instanceof URL || (typeof data === "string" && /^(https?|data|file|gs|s3):/.test(data))) {
    return { type: "uri", modality, mime_type, uri: String(data) };
  }
  const content =
    data instanceof Uint8Array
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64")
      : String(data ?? "");
  return { type: "blob", modality, mime_type, content };
}
