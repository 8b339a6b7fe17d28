import type { MediaPart } from "./message.ts";
import { isRecord, type PlainRecord, textField } from "./plain-value.ts";

const DATA_URL = /^data:([^;,]{0,100})(?:;[^,]{0,100})?,/;

/** A media part from whichever of the fields the provider's format has; data URLs are taken apart. */
export function mediaPart(fields: {
  readonly mediaType?: string;
  readonly kind?: string;
  readonly url?: string;
  readonly data?: string;
  readonly fileId?: string;
}): MediaPart {
  let mediaType = fields.mediaType ?? "";
  let url = fields.url ?? "";
  let data = fields.data ?? "";
  // Some emitters put a URL where data belongs.
  if (url === "" && /^(https?|data):/.test(data)) {
    url = data;
    data = "";
  }
  const match = DATA_URL.exec(url);
  if (match !== null) {
    data = url.slice(match[0].length);
    url = "";
    mediaType ||= match[1] ?? "";
  }
  const kind = fields.kind ?? "";
  if (mediaType === "" && kind !== "" && kind !== "file" && kind !== "document") mediaType = `${kind}/*`;
  const isImage = mediaType === "" ? kind === "image" : mediaType.startsWith("image/");
  return { type: isImage ? "image" : "file", mediaType, url, data, fileId: fields.fileId ?? "" };
}

/** Content blocks of images, audio, video and documents in the formats providers use; undefined for others. */
export function mediaOf(part: PlainRecord): MediaPart | undefined {
  const type = textField(part, "type");
  switch (type) {
    case "blob":
    case "uri":
    case "file":
    case "input_file":
    case "image":
    case "input_image":
    case "document":
    case "audio":
    case "video":
    case "binary":
      return fromFields(part, type);
    case "image_url":
    case "input_audio":
    case "audio_url":
    case "video_url":
    case "image-url":
    case "audio-url":
    case "video-url":
    case "document-url":
      return fromLink(part, type);
    case "":
      return fromUntyped(part);
    default:
      return undefined;
  }
}

/** OpenTelemetry's blob, uri and file, Anthropic's `source`, the AI SDK's image and file, LangChain's base64. */
function fromFields(part: PlainRecord, type: string): MediaPart {
  const source = isRecord(part.source) ? part.source : isRecord(part.file) ? part.file : part;
  const kind = textField(part, "modality") || (type.endsWith("image") ? "image" : type);
  const link = part.image_url;
  const openInference = isRecord(part.image) ? textField(part.image, "url") : "";
  return mediaPart({
    kind: kind === "blob" || kind === "uri" || kind === "binary" || kind.endsWith("file") ? "file" : kind,
    mediaType: first(source, "mime_type", "mimeType", "media_type", "mediaType"),
    url: first(source, "url", "uri", "file_url") || (typeof link === "string" ? link : "") || openInference,
    data: first(source, "content", "data", "file_data", "image", "base64"),
    fileId: first(source, "file_id", "fileId", "filename"),
  });
}

/** `{type: "image_url", image_url: {url}}` of OpenAI, `{type: "image-url", url}` of Pydantic AI. */
function fromLink(part: PlainRecord, type: string): MediaPart {
  const kind = type.includes("image")
    ? "image"
    : type.includes("audio")
      ? "audio"
      : type.includes("video")
        ? "video"
        : "file";
  const inner = part[type];
  if (typeof inner === "string") return mediaPart({ kind, url: inner });
  const fields = isRecord(inner) ? inner : part;
  const format = textField(fields, "format");
  return mediaPart({
    kind,
    mediaType: first(fields, "media_type", "mime_type") || (format === "" ? "" : `${kind}/${format}`),
    url: textField(fields, "url"),
    data: textField(fields, "data"),
  });
}

/** Gemini's `{inlineData}` and `{fileData}`, Bedrock's `{image: {format, source: {bytes}}}`. */
function fromUntyped(part: PlainRecord): MediaPart | undefined {
  const gemini = part.inlineData ?? part.inline_data ?? part.fileData ?? part.file_data;
  if (isRecord(gemini)) {
    return mediaPart({
      mediaType: first(gemini, "mimeType", "mime_type"),
      data: textField(gemini, "data"),
      url: first(gemini, "fileUri", "file_uri"),
    });
  }
  for (const kind of ["image", "document", "video"] as const) {
    const block = part[kind];
    if (!isRecord(block)) continue;
    const format = textField(block, "format");
    const source = isRecord(block.source) ? block.source : {};
    return mediaPart({
      kind,
      mediaType: format === "" ? "" : `${kind === "document" ? "application" : kind}/${format}`,
      data: textField(source, "bytes"),
    });
  }
  return undefined;
}

function first(record: PlainRecord, ...keys: string[]): string {
  for (const key of keys) {
    const text = textField(record, key);
    if (text !== "") return text;
  }
  return "";
}
