import { isNameSign } from "../attribute-name.ts";
import { readToken } from "../lexer.ts";
import { readString } from "../string-text.ts";
import type { Token } from "../token.ts";
import { TraceQlError } from "../traceql-error.ts";

/** A text up to the cursor: its whole tokens, and the piece that is being written. */
export interface TokensBefore {
  readonly tokens: readonly Token[];
  /** The word, field, string or operator that the cursor stands in or right behind; empty when none. */
  readonly partial: string;
  readonly start: number;
  /** Behind what belongs to the partial piece, also where that is behind the cursor. */
  readonly end: number;
}

/** Never fails: what cannot be read is the partial piece. `read` gives the token that starts at or behind an offset. */
export function tokensBefore(text: string, cursor: number, read = readToken): TokensBefore {
  const before = text.slice(0, cursor);
  const tokens: Token[] = [];
  for (let at = 0; ; ) {
    let token: Token;
    try {
      token = read(before, at);
    } catch (error) {
      if (!(error instanceof TraceQlError)) throw error;
      const start = startOf(before, at, error.offset);
      return { tokens, partial: before.slice(start), start, end: endOf(text, start, cursor) };
    }
    if (token.kind === "end") return { tokens, partial: "", start: cursor, end: cursor };
    const touches =
      token.end === cursor && (token.kind === "word" || token.kind === "field" || isHalf(token, tokens));
    if (touches) {
      return { tokens, partial: token.text, start: token.start, end: endOf(text, token.start, cursor) };
    }
    tokens.push(token);
    at = token.end;
  }
}

/** An error within a piece may point at its middle. */
function startOf(text: string, from: number, fault: number): number {
  const blank = /[\s\u0085]*/y;
  blank.lastIndex = from;
  blank.test(text);
  return Math.min(blank.lastIndex, fault);
}

/** `!` behind an operand is the start of an operator. */
function isHalf(token: Token, before: readonly Token[]): boolean {
  const last = before.at(-1);
  if (token.kind !== "sign" || token.text !== "!" || last === undefined) return false;
  return last.kind !== "sign" || last.text === ")" || last.text === "}";
}

function endOf(text: string, start: number, cursor: number): number {
  const sign = text[start];
  if (sign === '"' || sign === "`") {
    try {
      return Math.max(readString(text, start).end, cursor);
    } catch {
      return cursor;
    }
  }
  let end = cursor;
  while (end < text.length && isNameSign(text[end]!)) end += 1;
  return end;
}
