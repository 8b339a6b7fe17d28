import type { Message, Part } from "../genai/message.ts";
import { parsed } from "../genai/plain-value.ts";

/** What is said, part by part, in order; what emitters word differently from call to call is left out. */
export interface PartKeys {
  /** Equal for parts that say the same. */
  readonly keys: readonly number[];
  /** By key: index of the message. */
  readonly message: readonly number[];
  /** By key: index of the part within its message. */
  readonly part: readonly number[];
}

/**
 * The keys of some messages. Where a message ends does not matter, since histories split and join them; reasoning
 * and empty text have no key, since histories often lack them; nor do ids of calls, which many emitters make anew.
 */
export function partKeys(messages: readonly Message[]): PartKeys {
  const keys: number[] = [];
  const message: number[] = [];
  const part: number[] = [];
  messages.forEach(({ role, parts }, at) => {
    parts.forEach((one, index) => {
      const key = keyOf(one, role);
      if (key === undefined) return;
      keys.push(key);
      message.push(at);
      part.push(index);
    });
  });
  return { keys, message, part };
}

const SAME_ROLES: Readonly<Record<string, string>> = {
  human: "user",
  ai: "assistant",
  model: "assistant",
  developer: "system",
  function: "tool",
};

/** Undefined for what histories leave out. */
export function keyOf(part: Part, role: string): number | undefined {
  const who = Object.hasOwn(SAME_ROLES, role) ? SAME_ROLES[role]! : role;
  switch (part.type) {
    case "reasoning":
      return undefined;
    case "text": {
      const said = plainly(part.text);
      return said === "" ? undefined : hashOf(`text ${who}`, said);
    }
    case "tool_call":
      return hashOf(`call ${part.name}`, plainly(part.arguments ?? {}));
    case "tool_call_response":
      return hashOf("result", plainly(part.result));
    case "json":
      return hashOf(`text ${who}`, plainly(part.value));
    case "image":
    case "file":
      return hashOf(`media ${who} ${part.mediaType}`, part.data || part.url || part.fileId);
  }
}

/** Text as it is; anything else, and text that holds it, as JSON. */
function plainly(value: unknown): string {
  const inner = parsed(value);
  return typeof inner === "string" ? inner.trim() : (JSON.stringify(inner) ?? "");
}

/** 53 bits of a text and what it is, by two multiplicative hashes side by side. */
function hashOf(kind: string, text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (const piece of [kind, text]) {
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      a = Math.imul(a ^ code, 0x9e3779b1);
      b = Math.imul(b ^ code, 0x5f356495);
    }
    a = Math.imul(a ^ piece.length, 0x85ebca77);
    b = Math.imul(b ^ piece.length, 0xc2b2ae3d);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
