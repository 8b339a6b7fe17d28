import type { IncomingHttpHeaders } from "node:http";

/** Whose words a call is in. `agent` is any other JSON over HTTP. */
export type ApiKind =
  | "openai.chat"
  | "openai.completions"
  | "openai.responses"
  | "openai.embeddings"
  | "anthropic.messages"
  | "gemini.generate"
  | "a2a"
  | "mcp"
  | "agent";

/** How much of prompts, answers and tool calls is recorded: nothing, structure and sizes, or everything. */
export type ContentLevel = "off" | "metadata" | "full";

export interface Capture {
  readonly content: ContentLevel;
}

/** A request as it came in. */
export interface CallInput {
  readonly api: ApiKind;
  /** With its query or without; credentials in it are not read. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The whole body; undefined when it was too large to be kept. */
  readonly body: Uint8Array | undefined;
}

/** A trace context as the values of W3C's headers. */
export interface CarriedContext {
  readonly traceparent: string;
  readonly tracestate?: string | undefined;
  readonly baggage?: string | undefined;
}

/** Values of attributes; undefined ones are left out. */
export type Values = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** What a request asks. */
export interface CallRequest {
  /** As the body shows it: what looked like any agent's JSON by its path can be MCP or A2A. */
  readonly api: ApiKind;
  /** The model that is asked, where one is named in body or path. */
  readonly model?: string | undefined;
  /** Whether the answer is asked for in pieces. */
  readonly streams: boolean;
  /** Name of a span for this call, such as `chat gpt-5` or `tools/call weather`; undefined for any agent's JSON. */
  readonly name?: string | undefined;
  /** OpenTelemetry's name of the provider, as API and path show it; undefined for agents and tools. */
  readonly provider?: string | undefined;
  /** The trace context that MCP's `params._meta` or A2A's `metadata` carries, unchecked. */
  readonly carried?: CarriedContext | undefined;
  /** Why nothing of the body is known, or of one that is too large its content is not; undefined when it was read. */
  readonly unread?: "absent" | "malformed" | "too_large" | undefined;
  /** Attributes that the request alone gives, without content. */
  readonly values: Values;
  /** Attributes with content, made when asked for; absent when none is recorded. */
  readonly content?: (() => Values) | undefined;
}

/** Tokens of one call; what the provider does not state is absent. */
export interface Usage {
  /** All of the input, what was read from and written to a cache included. */
  readonly input?: number | undefined;
  /** All of the output, reasoning included. */
  readonly output?: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly reasoning?: number | undefined;
}

/** What an answer says. */
export interface CallResponse {
  readonly status: number;
  /** The model that answered. */
  readonly model?: string | undefined;
  readonly usage?: Usage | undefined;
  /** What went wrong, by status, body or stream. The message is for people, and free of what looks like a secret. */
  readonly error?: { readonly type: string; readonly message: string } | undefined;
  /** From the start of the request to the first byte of the body. */
  readonly firstByteNs?: bigint | undefined;
  /** To the first event of a stream. */
  readonly firstChunkNs?: bigint | undefined;
  /** To the first piece of a stream that holds output: text, thought or a call of a tool. */
  readonly firstTokenNs?: bigint | undefined;
  /** From the start of the request to the end of the answer. */
  readonly durationNs: bigint;
  /** Whether a stream came to the end that its protocol has; of an answer in one piece, whether it is JSON to its end. */
  readonly isWhole: boolean;
  /** Events of a stream that could not be read. */
  readonly malformedEvents: number;
  /** Why the answer, or a part of it, is not known; undefined when all was read. */
  readonly unread?: "too_large" | "malformed" | "encoding" | undefined;
  /** Attributes that the answer alone gives, without content. */
  readonly values: Values;
  /** Attributes with content, made when asked for; absent when none is recorded. */
  readonly content?: (() => Values) | undefined;
}

/** Reads an answer while it passes. No method throws. */
export interface ResponseReader {
  /** `bytes` as they came from the socket, encoded as they are; they are not changed, but may be kept until the end. */
  chunk(bytes: Uint8Array, atNs: bigint): void;
  /** To be called once, when the answer ended or broke off. */
  end(atNs: bigint): CallResponse;
}

/** Cost of a call in US dollars; undefined when the price is not known. `provider` is OpenTelemetry's name. */
export type CostOf = (model: string, usage: Usage, provider: string) => number | undefined;
