/** A piece of a message in the schema of OpenTelemetry's GenAI conventions; `content` of a blob is base64. */
export interface Part {
  readonly type: string;
  readonly [key: string]: unknown;
}

export type Modality = "image" | "audio" | "video" | "document";

export interface Message {
  readonly role: string;
  readonly parts: readonly Part[];
  readonly name?: string | undefined;
  /** Only on output messages. */
  readonly finish_reason?: string | undefined;
}

export interface ToolDefinition {
  /** `function`, or the provider's type of a tool that runs at the provider. */
  readonly type: string;
  readonly name: string;
  readonly description?: string | undefined;
  /** JSON Schema. */
  readonly parameters?: unknown;
}

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

/** Messages of one text each, said by the user. */
export function userTexts(given: unknown): Message[] {
  const texts = typeof given === "string" ? [given] : Array.isArray(given) ? given : [];
  return texts
    .filter((text) => typeof text === "string")
    .map((content) => ({ role: "user", parts: [{ type: "text", content }] }));
}
