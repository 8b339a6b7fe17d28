import { plainValue } from "@clew/protocol/genai/plain-value";
import type { KeyValue } from "@clew/protocol/otlp/model";

const LONGEST = 120;

/** A value as text: `nil` for none, and not all of what is long. */
export function shortText({ value }: KeyValue): string {
  const plain = plainValue(value);
  if (plain === undefined || plain === null) return "nil";
  const text = typeof plain === "string" ? plain : JSON.stringify(plain);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** `agent:model gpt-5-mini`. */
export function attributeText(attribute: KeyValue): string {
  return `${attribute.key ?? ""} ${shortText(attribute)}`;
}
