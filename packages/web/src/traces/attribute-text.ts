import { plainValue } from "@clew/protocol/genai/plain-value";
import type { KeyValue } from "@clew/protocol/otlp/model";

const LONGEST = 120;

/** `agent:model gpt-5-mini`; `nil` for no value, and not all of what is long. */
export function attributeText({ key = "", value }: KeyValue): string {
  const plain = plainValue(value);
  const text =
    plain === undefined || plain === null ? "nil" : typeof plain === "string" ? plain : JSON.stringify(plain);
  return `${key} ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`;
}
