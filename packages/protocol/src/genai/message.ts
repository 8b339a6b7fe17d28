import type { KeyValue, SpanEvent } from "../otlp/model.ts";

export interface TextPart {
  readonly type: "text";
  readonly text: string;
}

/** What the model thought before it answered, as far as the provider shows it. */
export interface ReasoningPart {
  readonly type: "reasoning";
  readonly text: string;
}

export interface ToolCallPart {
  readonly type: "tool_call";
  /** Empty when the emitter gives none. */
  readonly id: string;
  readonly name: string;
  /** Parsed where it was JSON text; the text itself where it was not. */
  readonly arguments: unknown;
}

export interface ToolCallResponsePart {
  readonly type: "tool_call_response";
  /** Id of the call it answers; empty when the emitter gives none. */
  readonly id: string;
  /** Name of the tool; empty when the emitter gives none. */
  readonly name: string;
  readonly result: unknown;
}

/** An image or another file. One of `url`, `data` and `fileId` is set, or none when content was withheld. */
export interface MediaPart {
  readonly type: "image" | "file";
  /** Media type, e.g. `image/png`; a bare `audio/*` when only the kind is known; empty when nothing is. */
  readonly mediaType: string;
  readonly url: string;
  /** Base64. */
  readonly data: string;
  /** Name of the file at the provider. */
  readonly fileId: string;
}

/** Anything no other part describes, as the emitter sent it. */
export interface JsonPart {
  readonly type: "json";
  readonly value: unknown;
}

export type Part = TextPart | ReasoningPart | ToolCallPart | ToolCallResponsePart | MediaPart | JsonPart;

export interface Message {
  /** `system`, `user`, `assistant`, `tool`, or whatever else the emitter wrote. */
  readonly role: string;
  readonly parts: readonly Part[];
  readonly name?: string;
  /** As the emitter wrote it: `stop`, `end_turn`, `tool_calls`... */
  readonly finishReason?: string;
}

export interface ToolDefinition {
  readonly name: string;
  /** Empty when there is none. */
  readonly description: string;
  /** JSON Schema of the arguments; undefined when there is none. */
  readonly parameters: unknown;
}

/** What went into a model, agent or step and what came out, whoever recorded it. */
export interface Conversation {
  readonly system: readonly Part[];
  readonly input: readonly Message[];
  readonly output: readonly Message[];
  readonly toolDefinitions: readonly ToolDefinition[];
}

/** What the translators need of a span; an OTLP `Span` with the name of its scope fits. */
export interface GenAiSpan {
  readonly name?: string;
  readonly scopeName?: string;
  readonly attributes?: readonly KeyValue[];
  readonly events?: readonly SpanEvent[];
}
