import type { TranscriptMessage } from "@clew/protocol/api/transcript";
import type { Message, Part } from "@clew/protocol/genai/message";

/** A value with what was left out of it, in characters. */
export interface Shortened<Value> {
  readonly value: Value;
  readonly leftOut: number;
  /** Characters that are told. */
  readonly chars: number;
}

/** Media may be larger than text: a picture that misses a piece is none. */
const MEDIA_FACTOR = 16;

export function shortenedMessages(
  messages: readonly Message[],
  most: number,
): { readonly messages: readonly TranscriptMessage[]; readonly chars: number } {
  let chars = 0;
  const told = messages.map((message): TranscriptMessage => {
    const { value: parts, leftOut, chars: told } = shortenedParts(message.parts, most);
    chars += told;
    return leftOut === 0 ? message : { ...message, parts, leftOut };
  });
  return { messages: told, chars };
}

export function shortenedParts(parts: readonly Part[], most: number): Shortened<readonly Part[]> {
  const all = parts.map((part) => shortenedPart(part, most));
  return {
    value: all.map(({ value }) => value),
    leftOut: all.reduce((sum, { leftOut }) => sum + leftOut, 0),
    chars: all.reduce((sum, { chars }) => sum + chars, 0),
  };
}

function shortenedPart(part: Part, most: number): Shortened<Part> {
  switch (part.type) {
    case "text":
    case "reasoning": {
      const { value, ...rest } = shortenedText(part.text, most);
      return { ...rest, value: { ...part, text: value } };
    }
    case "tool_call": {
      const { value, ...rest } = shortenedValue(part.arguments, most);
      return { ...rest, value: { ...part, arguments: value } };
    }
    case "tool_call_response": {
      const { value, ...rest } = shortenedValue(part.result, most);
      return { ...rest, value: { ...part, result: value } };
    }
    case "json": {
      const { value, leftOut, chars } = shortenedValue(part.value, most);
      return { leftOut, chars, value: leftOut === 0 ? part : { type: "text", text: String(value) } };
    }
    case "image":
    case "file": {
      const chars = part.data.length;
      const isWhole = chars <= most * MEDIA_FACTOR;
      return isWhole
        ? { value: part, leftOut: 0, chars: chars + part.url.length }
        : { value: { ...part, data: "" }, leftOut: chars, chars: part.url.length };
    }
  }
}

/** What is too long becomes the beginning of its JSON. */
export function shortenedValue(value: unknown, most: number): Shortened<unknown> {
  if (value === undefined) return { value, leftOut: 0, chars: 0 };
  if (typeof value === "string") return shortenedText(value, most);
  const json = JSON.stringify(value) ?? "";
  return json.length <= most ? { value, leftOut: 0, chars: json.length } : shortenedText(json, most);
}

function shortenedText(text: string, most: number): Shortened<string> {
  if (text.length <= most) return { value: text, leftOut: 0, chars: text.length };
  // A pair of surrogates is one character.
  const end = /[\uD800-\uDBFF]/.test(text[most - 1]!) ? most - 1 : most;
  return { value: `${text.slice(0, end)}…`, leftOut: text.length - end, chars: end };
}
