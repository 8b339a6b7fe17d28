import { MalformedJson } from "./malformed-json.ts";

const decoder = new TextDecoder();

/** A quick look that errs only towards yes; an integer of 16 digits may lie beyond 2^53. */
const MAYBE_LONG_INTEGER = /[:[,\s]-?\d{16,}/;

/** An integer literal, not the digits of a fraction or an exponent. */
const LONG_INTEGER = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/**
 * Parses UTF-8 JSON, with or without a byte order mark. Integers that a JavaScript number cannot hold come as
 * text with all their digits. Throws `MalformedJson`.
 */
export function parseJsonText(bytes: Uint8Array): unknown {
  const text = decoder.decode(bytes);
  if (text.trim() === "") throw new MalformedJson("expected a JSON value, came an empty body");
  try {
    return JSON.parse(MAYBE_LONG_INTEGER.test(text) ? quoteLongIntegers(text) : text);
  } catch (error) {
    throw new MalformedJson(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function quoteLongIntegers(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  while (from < text.length) {
    const open = text.indexOf('"', from);
    const between = open < 0 ? text.slice(from) : text.slice(from, open);
    pieces.push(between.replace(LONG_INTEGER, quoteUnsafe));
    if (open < 0) break;
    const end = endOfString(text, open);
    pieces.push(text.slice(open, end));
    from = end;
  }
  return pieces.join("");
}

function quoteUnsafe(literal: string): string {
  return Number.isSafeInteger(Number(literal)) ? literal : `"${literal}"`;
}

/** Index behind the closing quote; the text's length when there is none. */
function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close >= 0) {
    let backslashes = 0;
    while (text.charCodeAt(close - 1 - backslashes) === 92) backslashes += 1;
    if (backslashes % 2 === 0) return close + 1;
    close = text.indexOf('"', close + 1);
  }
  return text.length;
}
