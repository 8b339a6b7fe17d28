import type { Message, Part } from "./message.ts";

/**
 * One line of at most `maxChars` UTF-16 units for lists: the last message that has something to show, white
 * space collapsed, the end marked with `…` where it is cut. Reads no further than it must.
 */
export function previewOf(messages: readonly Message[], maxChars: number): string {
  for (let i = messages.length - 1; i >= 0; i--) {
    const line = preview(messages[i]!.parts, maxChars);
    if (line !== "") return line;
  }
  return "";
}

function preview(parts: readonly Part[], maxChars: number): string {
  let line = "";
  for (const part of parts) {
    const text = collapsed(label(part, maxChars), maxChars);
    if (text === "") continue;
    line = line === "" ? text : `${line} ${text}`;
    if (line.length > maxChars) return cut(line, maxChars);
  }
  return line;
}

function label(part: Part, maxChars: number): string {
  switch (part.type) {
    case "text":
      return part.text;
    case "reasoning":
      return "";
    case "tool_call":
      return `${part.name}(${json(part.arguments)})`;
    case "tool_call_response":
      return typeof part.result === "string" ? part.result : json(part.result);
    case "image":
    case "file":
      return `[${part.mediaType || part.type}]`;
    case "json":
      return json(part.value).slice(0, maxChars * 2 + 100);
  }
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? "";
}

/** White space can shrink, so a little more than the limit is looked at. */
function collapsed(text: string, maxChars: number): string {
  const line = text
    .slice(0, maxChars * 4 + 100)
    .replace(/\s+/g, " ")
    .trim();
  return text.length > maxChars * 4 + 100 && line.length <= maxChars ? `${line}…` : line;
}

function cut(line: string, maxChars: number): string {
  if (maxChars < 1) return "";
  let end = maxChars - 1;
  // A pair of surrogates is one character.
  if (end > 0 && /[\uD800-\uDBFF]/.test(line[end - 1]!)) end--;
  return `${line.slice(0, end).trimEnd()}…`;
}
