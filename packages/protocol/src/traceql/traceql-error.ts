/** A query that cannot be understood or does not make sense, and where. */
export class TraceQlError extends Error {
  override readonly name = "TraceQlError";
  /** UTF-16 offset of the fault; the text's length when something is missing at its end. */
  readonly offset: number;
  /** May be 0, where something is missing. `offset + length` is within the text. */
  readonly length: number;
  /** What would have been right here, as words or signs; empty when no list says it. */
  readonly expected: readonly string[];
  /** The text at fault, or what it means, in a few words. */
  readonly found: string;
  /** What to write in place of the text at fault, when a known word is near. */
  readonly suggestion: string | undefined;

  constructor(fault: Fault) {
    const hint = fault.suggestion === undefined ? "" : `; did you mean ${fault.suggestion}?`;
    super(`${fault.message}${hint}`);
    this.offset = fault.start;
    this.length = fault.end - fault.start;
    this.expected = fault.expected ?? [];
    this.found = fault.found;
    this.suggestion = fault.suggestion;
  }
}

export interface Fault {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly found: string;
  readonly expected?: readonly string[];
  readonly suggestion?: string | undefined;
}

/** The usual fault: something else stands here than may. */
export function unexpected(
  at: { readonly start: number; readonly end: number },
  found: string,
  expected: readonly string[],
  suggestion?: string,
): TraceQlError {
  const message = `expected ${anyOf(expected)}, found ${found}`;
  return new TraceQlError({ start: at.start, end: at.end, message, found, expected, suggestion });
}

/** `a`, `a or b`, `a, b or c`. */
function anyOf(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`;
}
