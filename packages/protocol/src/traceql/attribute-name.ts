import { TraceQlError } from "./traceql-error.ts";

const ENDS_NAME = /[\s\u0085{}()=~!<>&|^,]/;

/** True for a character that may stand in a name without quotes. */
export function isNameSign(sign: string): boolean {
  return !ENDS_NAME.test(sign);
}

export interface ReadName {
  readonly name: string;
  readonly end: number;
  /** True when any part stood in quotes, which keeps it from meaning anything but an attribute. */
  readonly quoted: boolean;
}

/**
 * Reads an attribute's name that starts at `start`: everything up to a space, bracket or operator (`+ - * / %` belong
 * to names), with parts in double quotes that may hold any character and the escapes `\"` and `\\`.
 */
export function readName(text: string, start: number): ReadName {
  let name = "";
  let quoted = false;
  let at = start;
  while (at < text.length) {
    const sign = text[at]!;
    if (sign === '"') {
      const part = readQuotedPart(text, at);
      name += part.name;
      quoted = true;
      at = part.end;
    } else if (isNameSign(sign)) {
      name += sign;
      at += 1;
    } else break;
  }
  return { name, end: at, quoted };
}

function readQuotedPart(text: string, start: number): { readonly name: string; readonly end: number } {
  let name = "";
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return { name, end: at + 1 };
    if (text[at] === "\\") {
      at += 1;
      if (text[at] !== '"' && text[at] !== "\\") {
        const end = Math.min(at + 1, text.length);
        const found = text.slice(at - 1, end);
        const message = 'in a quoted name only \\" and \\\\ are escapes';
        throw new TraceQlError({ start: at - 1, end, message, found, expected: ['\\"', "\\\\"] });
      }
    }
    name += text[at];
  }
  const message = 'this quoted name has no closing "';
  throw new TraceQlError({
    start,
    end: text.length,
    message,
    found: "the end of the query",
    expected: ['"'],
  });
}

/** The name as a query has it behind its scope, in quotes where anything in it needs them. */
export function printName(name: string, quoteAnyway: boolean): string {
  const plain = name !== "" && !name.includes('"') && !ENDS_NAME.test(name) && !quoteAnyway;
  return plain ? name : `"${name.replace(/["\\]/g, "\\$&")}"`;
}
