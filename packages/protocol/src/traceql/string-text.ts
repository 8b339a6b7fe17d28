import { TraceQlError } from "./traceql-error.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
};
const NUMERIC = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})/y;

/** A string and the offset behind it. */
export interface ReadString {
  readonly value: string;
  readonly end: number;
}

/** Reads a string in double quotes (escapes as in Go) or backticks (no escapes) that starts at `start`. */
export function readString(text: string, start: number): ReadString {
  return text[start] === "`" ? readRaw(text, start) : readQuoted(text, start);
}

function readRaw(text: string, start: number): ReadString {
  const end = text.indexOf("`", start + 1);
  if (end === -1) throw unclosed(text, start, "`");
  return { value: text.slice(start + 1, end).replaceAll("\r", ""), end: end + 1 };
}

function readQuoted(text: string, start: number): ReadString {
  let value = "";
  // Escapes by byte: several in a row may be one character of UTF-8.
  let bytes: number[] = [];
  let bytesStart = start;
  const flush = (end: number) => {
    if (bytes.length === 0) return;
    try {
      value += new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
    } catch (cause) {
      throw badEscape(text, bytesStart, end, "these bytes are not UTF-8", cause);
    }
    bytes = [];
  };
  for (let at = start + 1; at < text.length; ) {
    const sign = text[at]!;
    if (sign === '"') {
      flush(at);
      return { value, end: at + 1 };
    }
    if (sign === "\n") break;
    if (sign !== "\\") {
      flush(at);
      value += sign;
      at += 1;
      continue;
    }
    const simple = SIMPLE[text[at + 1] ?? ""];
    if (simple !== undefined) {
      flush(at);
      value += simple;
      at += 2;
      continue;
    }
    NUMERIC.lastIndex = at + 1;
    const found = NUMERIC.exec(text);
    if (found === null) throw badEscape(text, at, at + 2, `unknown escape ${text.slice(at, at + 2)}`);
    const byte = found[1] === undefined ? found[4] : found[1];
    if (byte !== undefined) {
      if (bytes.length === 0) bytesStart = at;
      bytes.push(Number.parseInt(byte, found[1] === undefined ? 8 : 16));
    } else {
      flush(at);
      const code = Number.parseInt(found[2] ?? found[3]!, 16);
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
        throw badEscape(text, at, NUMERIC.lastIndex, "there is no such character");
      }
      value += String.fromCodePoint(code);
    }
    at = NUMERIC.lastIndex;
  }
  throw unclosed(text, start, '"');
}

/** The string in double quotes, with escapes where needed. */
export function quote(value: string): string {
  const escaped = value.replace(/["\\\n\r\t]|[\p{Cc}\u2028\u2029]/gu, (sign) => {
    if (sign === "\n") return "\\n";
    if (sign === "\r") return "\\r";
    if (sign === "\t") return "\\t";
    if (sign === '"' || sign === "\\") return `\\${sign}`;
    return `\\u${sign.codePointAt(0)!.toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

function unclosed(text: string, start: number, sign: string): TraceQlError {
  return new TraceQlError({
    start,
    end: text.length,
    message: `this string has no closing ${sign}`,
    expected: [sign],
    found: "the end of the query",
  });
}

function badEscape(text: string, start: number, end: number, message: string, cause?: unknown): TraceQlError {
  const within = Math.min(end, text.length);
  const error = new TraceQlError({ start, end: within, message, found: text.slice(start, within) });
  if (cause !== undefined) error.cause = cause;
  return error;
}
