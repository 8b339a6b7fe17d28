import { parseDuration } from "./duration-text.ts";
import { readScoped, readUnscoped } from "./read-field.ts";
import { readString } from "./string-text.ts";
import type { NumberToken, Token } from "./token.ts";
import { TraceQlError } from "./traceql-error.ts";

const BLANK = /(?:[\s\u0085]|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const WORD = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NUMBER_RUN = /[\d.nsuµμmhdwy]+/uy;
/** Longest first, so that the first that fits is the longest. */
const SIGN = /!>>|!<<|&>>|&<<|&&|\|\||=~|!~|!=|>=|<=|>>|<<|!>|!<|&>|&<|&~|[{}(),=<>~!|+\-*/%^]/y;
const MAX_INT = 2n ** 63n - 1n;

/**
 * The token that starts at or behind `from`, blanks and comments left out. Comments are those of Go. `scoped` reads
 * the fields that begin with a scope.
 */
export function readToken(text: string, from: number, scoped: typeof readScoped = readScoped): Token {
  BLANK.lastIndex = from;
  const start = BLANK.test(text) ? BLANK.lastIndex : from;
  if (start >= text.length) return { kind: "end", text: "", start: text.length, end: text.length };

  const sign = text[start]!;
  if (sign === '"' || sign === "`") {
    const { value, end } = readString(text, start);
    return { kind: "string", value, text: text.slice(start, end), start, end };
  }
  NUMBER.lastIndex = start;
  if (NUMBER.test(text)) return readNumber(text, start, NUMBER.lastIndex);
  if (sign === ".") {
    const field = readUnscoped(text, start);
    return { kind: "field", field, text: text.slice(start, field.end), start, end: field.end };
  }
  WORD.lastIndex = start;
  if (WORD.test(text)) {
    const wordEnd = WORD.lastIndex;
    const field = scoped(text, start, wordEnd);
    const end = field?.end ?? wordEnd;
    const written = text.slice(start, end);
    return field === undefined
      ? { kind: "word", text: written, start, end }
      : { kind: "field", field, text: written, start, end };
  }
  SIGN.lastIndex = start;
  const found = SIGN.exec(text)?.[0];
  if (found === undefined) throw strange(text, start);
  if (text.startsWith("/*", start)) throw unclosedComment(text, start);
  return { kind: "sign", text: found, start, end: start + found.length };
}

function readNumber(text: string, start: number, numberEnd: number): NumberToken {
  NUMBER_RUN.lastIndex = start;
  NUMBER_RUN.test(text);
  const runEnd = NUMBER_RUN.lastIndex;
  if (runEnd > numberEnd) {
    const nanos = parseDuration(text.slice(start, runEnd));
    if (nanos !== undefined) {
      return {
        kind: "duration",
        value: fits(nanos, text, start, runEnd),
        text: text.slice(start, runEnd),
        start,
        end: runEnd,
      };
    }
  }
  WORD.lastIndex = numberEnd;
  if (WORD.test(text)) throw unknownUnit(text, start, WORD.lastIndex);

  const written = text.slice(start, numberEnd);
  if (/^\d+$/.test(written)) {
    return {
      kind: "int",
      value: fits(BigInt(written), text, start, numberEnd),
      text: written,
      start,
      end: numberEnd,
    };
  }
  const value = Number(written);
  if (!Number.isFinite(value)) throw tooLarge(text, start, numberEnd);
  return { kind: "float", value, text: written, start, end: numberEnd };
}

function fits(value: bigint, text: string, start: number, end: number): bigint {
  if (value > MAX_INT) throw tooLarge(text, start, end);
  return value;
}

function tooLarge(text: string, start: number, end: number): TraceQlError {
  const message = "this number does not fit into 64 bits";
  return new TraceQlError({ start, end, message, found: text.slice(start, end) });
}

function unknownUnit(text: string, start: number, end: number): TraceQlError {
  return new TraceQlError({
    start,
    end,
    message: `"${text.slice(start, end)}" is neither a number nor a duration`,
    found: text.slice(start, end),
    expected: ["ns", "us", "ms", "s", "m", "h", "d", "w", "y"],
  });
}

function unclosedComment(text: string, start: number): TraceQlError {
  const message = "this comment has no closing */";
  return new TraceQlError({
    start,
    end: text.length,
    message,
    found: "the end of the query",
    expected: ["*/"],
  });
}

function strange(text: string, start: number): TraceQlError {
  const sign = String.fromCodePoint(text.codePointAt(start)!);
  const end = start + sign.length;
  if (sign === "'") {
    const message = 'strings stand in double quotes or backticks, not in "\'"';
    return new TraceQlError({ start, end, message, found: sign, expected: ['"', "`"] });
  }
  if (sign === "&") {
    const message = '"&" alone is no operator';
    return new TraceQlError({
      start,
      end,
      message,
      found: sign,
      expected: ["&&", "&>", "&<", "&~"],
      suggestion: "&&",
    });
  }
  const message = `${JSON.stringify(sign)} means nothing here`;
  return new TraceQlError({ start, end, message, found: sign });
}
