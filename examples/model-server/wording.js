import { createHash } from "node:crypto";

/** An id that the same request gets again. */
export function idOf(prefix, body, number = 0) {
  const hash = createHash("sha256")
    .update(JSON.stringify([body, number]))
    .digest("hex");
  return prefix + hash.slice(0, 24);
}

/** About as many tokens as a model would count. */
export function tokensOf(value) {
  return Math.ceil(JSON.stringify(value).length / 4);
}

/** What a stream brings one after the other. */
export function piecesOf(text) {
  return text.match(/\S+\s*/g) ?? [];
}

/** The text of what may be a text or a list of parts. */
export function textOf(content) {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("");
}
