import type { Part } from "@clew/protocol/genai/message";
import type { Usage } from "../../understand/call.ts";

/** Why a model stopped, in no provider's words. */
export type Finish = "stop" | "tool_calls" | "length" | "content_filter";

/** What a model said, in no provider's format. */
export interface SaidAnswer {
  /** Of the provider's answer; empty where nobody wrote it down. */
  readonly id: string;
  readonly model: string;
  readonly parts: readonly Part[];
  readonly finish: Finish;
  readonly usage: Usage;
  /** Of the call, from its request to the end of the answer. */
  readonly durationMs: number;
  readonly createdMs: number;
}

/** A part of an answer that every provider has a form for. */
export type SaidPart =
  | { readonly type: "text" | "reasoning"; readonly text: string }
  | { readonly type: "tool_call"; readonly id: string; readonly name: string; readonly arguments: unknown };

/** What else there may be, pictures for instance, becomes its JSON text: nothing that was said is left out. */
export function saidParts({ parts }: SaidAnswer): readonly SaidPart[] {
  return parts.map((part, index): SaidPart => {
    if (part.type === "text" || part.type === "reasoning") return { type: part.type, text: part.text };
    if (part.type !== "tool_call") return { type: "text", text: JSON.stringify(part) };
    return { ...part, id: part.id || `call_${index}` };
  });
}

export function textOf(parts: readonly SaidPart[], type: "text" | "reasoning"): string {
  return parts.map((part) => (part.type === type ? part.text : "")).join("");
}

export function argumentsText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? {});
}

/** Arguments as an object, where a provider wants one. */
export function argumentsObject(value: unknown): unknown {
  return typeof value === "object" && value !== null ? value : {};
}

/** A text in pieces as large as tokens are, roughly; never none. Joined, they are the text. */
export function pieces(text: string): readonly string[] {
  return text.match(/\s*\S{1,12}\s*?|\s+/gu) ?? [""];
}
