import type { Inline } from "./markdown-tree.ts";

/** Nesting beyond this stays text. */
const MOST_DEPTH = 8;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}_]/u;
const SPACE = /\s/;
const LINKED = /^(https?:|mailto:)/i;

const MARKS: readonly (readonly [mark: string, type: "strong" | "emphasis" | "deleted"])[] = [
  ["**", "strong"],
  ["__", "strong"],
  ["~~", "deleted"],
  ["*", "emphasis"],
  ["_", "emphasis"],
];

/** Reads what stands within a line or paragraph. What has no end, and what leads nowhere safe, stays text. */
export function parseInlines(text: string, depth = 0): readonly Inline[] {
  const found: Inline[] = [];
  // Marks of which no end follows: looked for once, so that a text full of them takes no longer.
  const endless = new Set<string>();
  let plain = "";
  const flush = (): void => {
    if (plain !== "") found.push({ type: "text", text: plain });
    plain = "";
  };
  const add = (inline: Inline): void => {
    flush();
    found.push(inline);
  };
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (char === "\\" && PUNCTUATION.test(text[at + 1] ?? "")) {
      plain += text[at + 1];
      at += 2;
      continue;
    }
    if (char === "\n") {
      if (/ {2,}$|\\$/.test(plain.slice(-8))) {
        plain = plain.replace(/[ \\]+$/, "");
        add({ type: "break" });
      } else plain += "\n";
      at++;
      continue;
    }
    const next =
      char === "`"
        ? codeAt(text, at, endless)
        : char === "!" && text[at + 1] === "["
          ? imageAt(text, at, endless)
          : char === "["
            ? linkAt(text, at, depth, endless)
            : char === "<"
              ? addressAt(text, at)
              : markedAt(text, at, depth, endless);
    if (next === undefined) {
      plain += char;
      at++;
    } else {
      add(next.inline);
      at = next.end;
    }
  }
  flush();
  return found;
}

interface Found {
  readonly inline: Inline;
  readonly end: number;
}

function codeAt(text: string, at: number, endless: Set<string>): Found | undefined {
  let length = 1;
  while (text[at + length] === "`") length++;
  const fence = "`".repeat(length);
  if (endless.has(fence)) return undefined;
  let end = text.indexOf(fence, at + length);
  while (end >= 0 && text[end + length] === "`") {
    let longer = end + length;
    while (text[longer] === "`") longer++;
    end = text.indexOf(fence, longer);
  }
  if (end < 0) {
    endless.add(fence);
    return undefined;
  }
  return { inline: { type: "code", text: text.slice(at + length, end).trim() }, end: end + length };
}

/** `label](address)` from the bracket on. */
function targetAt(
  text: string,
  open: number,
  endless: Set<string>,
): { readonly label: string; readonly url: string; readonly end: number } | undefined {
  if (endless.has("](")) return undefined;
  const middle = text.indexOf("](", open);
  if (middle < 0) {
    endless.add("](");
    return undefined;
  }
  const label = text.slice(open + 1, middle);
  if (label.includes("[") || label.length > 1000) return undefined;
  let depth = 1;
  let end = middle + 2;
  const most = Math.min(text.length, end + 4000);
  for (; end < most; end++) {
    if (text[end] === "\n") return undefined;
    if (text[end] === "(") depth++;
    if (text[end] === ")" && --depth === 0) break;
  }
  if (end >= most) return undefined;
  const url = text
    .slice(middle + 2, end)
    .trim()
    .replace(/\s+["'(].*$/, "")
    .replace(/^<|>$/g, "");
  return { label, url, end: end + 1 };
}

function linkAt(text: string, at: number, depth: number, endless: Set<string>): Found | undefined {
  const target = targetAt(text, at, endless);
  if (target === undefined || depth >= MOST_DEPTH) return undefined;
  const host = hostOf(target.url);
  if (host === undefined) return undefined;
  const inlines = parseInlines(target.label, MOST_DEPTH);
  return { inline: { type: "link", url: target.url, host, inlines }, end: target.end };
}

function imageAt(text: string, at: number, endless: Set<string>): Found | undefined {
  const target = targetAt(text, at + 1, endless);
  if (target === undefined) return undefined;
  return { inline: { type: "image", url: target.url, alt: target.label }, end: target.end };
}

/** `<https://host/path>` */
function addressAt(text: string, at: number): Found | undefined {
  const end = text.indexOf(">", at);
  if (end < 0 || end - at > 2000) return undefined;
  const url = text.slice(at + 1, end);
  const host = SPACE.test(url) ? undefined : hostOf(url);
  if (host === undefined) return undefined;
  return { inline: { type: "link", url, host, inlines: [{ type: "text", text: url }] }, end: end + 1 };
}

/** Where a link leads; undefined where it is not to be followed. */
function hostOf(url: string): string | undefined {
  if (!LINKED.test(url)) return undefined;
  try {
    const parsed = new URL(url);
    return parsed.protocol === "mailto:" ? parsed.pathname : parsed.host;
  } catch {
    return undefined;
  }
}

function markedAt(text: string, at: number, depth: number, endless: Set<string>): Found | undefined {
  if (depth >= MOST_DEPTH) return undefined;
  const [mark, type] = MARKS.find(([one]) => text.startsWith(one, at)) ?? [];
  if (mark === undefined || type === undefined || endless.has(mark)) return undefined;
  const from = at + mark.length;
  if (SPACE.test(text[from] ?? " ")) return undefined;
  const isUnderscore = mark[0] === "_";
  if (isUnderscore && WORD.test(text[at - 1] ?? "")) return undefined;
  for (let end = text.indexOf(mark, from); end >= 0; end = text.indexOf(mark, end + 1)) {
    if (end === from || SPACE.test(text[end - 1]!) || text[end - 1] === "\\") continue;
    // A single mark does not end at a double one.
    if (mark.length === 1 && (text[end + 1] === mark || text[end - 1] === mark)) continue;
    if (isUnderscore && WORD.test(text[end + mark.length] ?? "")) continue;
    const inlines = parseInlines(text.slice(from, end), depth + 1);
    return { inline: { type, inlines }, end: end + mark.length };
  }
  endless.add(mark);
  return undefined;
}
