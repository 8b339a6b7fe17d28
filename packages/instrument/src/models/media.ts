import type { Modality, Part } from "../genai/message.ts";

const DATA_URL = /^data:([^;,]{0,100})(?:;[^,]{0,100})?,/;

/** A picture, sound or document at a URL; what stands in a data URL becomes a blob. */
export function linked(url: string, modality: Modality): Part {
  const match = DATA_URL.exec(url);
  if (match === null) return { type: "uri", modality, uri: url };
  return blob(url.slice(match[0].length), modality, match[1]);
}

export function blob(content: string, modality: Modality, mimeType: string | undefined): Part {
  return { type: "blob", modality, ...(mimeType ? { mime_type: mimeType } : {}), content };
}

/** The modality that a media type says; documents are everything that is no picture, sound or film. */
export function modalityOf(mimeType: unknown): Modality {
  const kind = typeof mimeType === "string" ? mimeType.slice(0, mimeType.indexOf("/")) : "";
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "document";
}
