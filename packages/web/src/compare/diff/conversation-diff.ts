import type { Conversation, Part } from "@clew/protocol/genai/message";
import { sequenceDiff } from "./sequence-diff.ts";
import { valueText } from "./value-text.ts";

/** One message as text. */
export interface Said {
  readonly role: string;
  readonly text: string;
}

/** A message of one conversation, of the other, or of both. */
export interface SaidPair {
  readonly role: string;
  /** Undefined where only B has it. */
  readonly a: string | undefined;
  readonly b: string | undefined;
}

/** Everything that was said: the system prompt, the tools offered, what went in, and the answers. */
export function saidIn({ system, input, output, toolDefinitions }: Conversation): Said[] {
  return [
    ...(system.length > 0 ? [{ role: "system", text: partsText(system) }] : []),
    ...(toolDefinitions.length > 0 ? [{ role: "tools offered", text: valueText(toolDefinitions) }] : []),
    ...input.map(({ role, parts }) => ({ role: role || "message", text: partsText(parts) })),
    ...output.map(({ role, parts }) => ({ role: `${role || "message"}, answer`, text: partsText(parts) })),
  ];
}

/**
 * Lays one conversation over another. Messages that are equal are paired first; between them the first of a role that
 * was left over goes with the first of that role in the other.
 */
export function pairSaid(a: readonly Said[], b: readonly Said[]): SaidPair[] {
  const numbers = new Map<string, number>();
  const numbered = (said: readonly Said[]): number[] =>
    said.map(({ role, text }) => {
      const key = `${role}\n${text}`;
      const known = numbers.get(key) ?? numbers.size;
      numbers.set(key, known);
      return known;
    });
  const pairs: SaidPair[] = [];
  const stretches = sequenceDiff(numbered(a), numbered(b));
  let [atA, atB] = [0, 0];
  for (let at = 0; at < stretches.length; at++) {
    const { kind, count } = stretches[at]!;
    if (kind === "same") {
      for (const { role, text } of a.slice(atA, atA + count)) pairs.push({ role, a: text, b: text });
      atA += count;
      atB += count;
      continue;
    }
    const next = stretches[at + 1];
    const removed = kind === "removed" ? count : 0;
    const added = kind === "added" ? count : next?.kind === "added" ? next.count : 0;
    if (removed > 0 && added > 0) at++;
    pairs.push(...pairByRole(a.slice(atA, atA + removed), b.slice(atB, atB + added)));
    atA += removed;
    atB += added;
  }
  return pairs;
}

function pairByRole(a: readonly Said[], b: readonly Said[]): SaidPair[] {
  const pairs: SaidPair[] = [];
  let next = 0;
  for (const { role, text } of a) {
    const found = b.findIndex((other, at) => at >= next && other.role === role);
    if (found < 0) {
      pairs.push({ role, a: text, b: undefined });
      continue;
    }
    for (const other of b.slice(next, found)) pairs.push({ role: other.role, a: undefined, b: other.text });
    pairs.push({ role, a: text, b: b[found]!.text });
    next = found + 1;
  }
  for (const other of b.slice(next)) pairs.push({ role: other.role, a: undefined, b: other.text });
  return pairs;
}

function partsText(parts: readonly Part[]): string {
  return parts.map(partText).join("\n\n");
}

/** Without the ids of calls, which are others each time. */
function partText(part: Part): string {
  switch (part.type) {
    case "text":
      return valueText(part.text);
    case "reasoning":
      return `(reasoning)\n${part.text}`;
    case "tool_call":
      return `calls ${part.name || "a tool"}\n${valueText(part.arguments)}`;
    case "tool_call_response":
      return `result${part.name && ` of ${part.name}`}\n${valueText(part.result)}`;
    case "image":
    case "file": {
      const what = [part.mediaType || part.type, part.url || part.fileId].filter((text) => text !== "");
      return `(${what.join(" ")}${part.data && `, ${part.data.length} characters, ${fingerprint(part.data)}`})`;
    }
    case "json":
      return valueText(part.value);
  }
}

/** Tells data apart that nobody can read. */
function fingerprint(data: string): string {
  let hash = 0;
  for (let at = 0; at < data.length; at++) hash = (Math.imul(hash, 31) + data.charCodeAt(at)) | 0;
  return (hash >>> 0).toString(16).padStart(8, "0");
}
