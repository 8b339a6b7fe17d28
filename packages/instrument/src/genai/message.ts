/** A piece of a message, in the schema of OpenTelemetry's GenAI conventions. */
export type Part =
  | { readonly type: "text" | "reasoning"; readonly content: string }
  | {
      readonly type: "tool_call";
      readonly id?: string | undefined;
      readonly name: string;
      /** Parsed where the provider sent JSON text. */
      readonly arguments: unknown;
    }
  | { readonly type: "tool_call_response"; readonly id?: string | undefined; readonly response: unknown }
  /** `content` is base64. */
  | {
      readonly type: "blob";
      readonly modality: Modality;
      readonly mime_type?: string | undefined;
      readonly content: string;
    }
  | {
      readonly type: "uri";
      readonly modality: Modality;
      readonly mime_type?: string | undefined;
      readonly uri: string;
    }
  | { readonly type: "file"; readonly modality: Modality; readonly file_id: string }
  | OtherPart;

/** What the conventions have no part for, under the provider's own type. */
export interface OtherPart {
  readonly type: string & {};
  readonly [key: string]: unknown;
}

export type Modality = "image" | "audio" | "video" | "document";

export interface Message {
  /** `system`, `user`, `assistant` or `tool`; what the provider calls it where it is none of these. */
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

/** The value that JSON text holds; the text itself where it holds none. */
export function fromJson(text: unknown): unknown {
  if (typeof text !== "string") return text;
  if (text === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
