import type { ContentLevel } from "../call.ts";

/** Attributes that hold content; each is JSON text. */
export type ContentKey =
  | "gen_ai.input.messages"
  | "gen_ai.output.messages"
  | "gen_ai.system_instructions"
  | "gen_ai.tool.definitions"
  | "gen_ai.tool.call.arguments"
  | "gen_ai.tool.call.result"
  | "input.value"
  | "output.value";

/** Longer strings are cut: one picture must not crowd out a whole batch of spans. */
const MAX_STRING = 256 * 1024;
/** An attribute longer than this is recorded as on level `metadata`. */
const MAX_ATTRIBUTE = 2 * 1024 * 1024;

/**
 * Content as the text of an attribute; undefined when the level is `off`, when there is nothing, or when it nests too
 * deep to be written. On level `metadata` every text becomes `size`, its bytes in UTF-8 (of its JSON, where it is no
 * text): `[{"role":"user","parts":[{"type":"text","size":12}]}]`.
 */
export function contentText(level: ContentLevel, key: ContentKey, value: unknown): string | undefined {
  if (level === "off" || value === undefined || (Array.isArray(value) && value.length === 0))
    return undefined;
  try {
    if (level === "full") {
      let text = JSON.stringify(value);
      if (text.length > MAX_STRING) text = JSON.stringify(value, cut);
      if (text.length <= MAX_ATTRIBUTE) return text;
    }
    return JSON.stringify(sizes(key, value));
  } catch {
    return undefined;
  }
}

function cut(_key: string, value: unknown): unknown {
  if (typeof value !== "string" || value.length <= MAX_STRING) return value;
  return `${value.slice(0, MAX_STRING)}… (${value.length - MAX_STRING} more)`;
}

function sizes(key: ContentKey, value: unknown): unknown {
  if (!STRUCTURED.has(key)) return { size: sizeOf(value) };
  return Array.isArray(value) ? value.map(withSize) : withSize(value);
}

/** The others are what a program makes of its own values. */
const STRUCTURED: ReadonlySet<ContentKey> = new Set([
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.system_instructions",
  "gen_ai.tool.definitions",
]);

/** What tells parts apart without telling what they say. */
const KEPT: ReadonlySet<string> = new Set(["type", "role", "id", "modality", "mime_type", "finish_reason"]);

function withSize(item: unknown): unknown {
  if (typeof item !== "object" || item === null) return { size: sizeOf(item) };
  const kept: Record<string, unknown> = {};
  let size = 0;
  for (const [key, value] of Object.entries(item)) {
    if (value === undefined) continue;
    if (key === "parts" && Array.isArray(value)) kept[key] = value.map(withSize);
    else if ((KEPT.has(key) || key === "name") && typeof value === "string") kept[key] = value;
    else size += sizeOf(value);
  }
  if (!("parts" in kept)) kept.size = size;
  return kept;
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
}
