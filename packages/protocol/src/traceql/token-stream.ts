import { readToken } from "./lexer.ts";
import { describeToken, type Token } from "./token.ts";
import { TraceQlError, unexpected } from "./traceql-error.ts";

/** Longest text that is read, in UTF-16 units. */
export const MAX_LENGTH = 65_536;
/** Brackets and signs within each other. */
const MAX_DEPTH = 100;
/** Bounds the depth of the tree that a chain such as `a || b || ...` makes. */
const MAX_OPERATORS = 2_000;

/** The tokens of a query, read one ahead, with the limits that keep hostile ones from exhausting the stack. */
export class TokenStream {
  readonly text: string;
  readonly #read: (text: string, from: number) => Token;
  /** End of the token taken last. */
  lastEnd = 0;
  #next: Token;
  #depth = 0;
  #operators = 0;

  /** `read` gives the token that starts at or behind an offset. */
  constructor(text: string, read: (text: string, from: number) => Token = readToken) {
    if (text.length > MAX_LENGTH) {
      const message = `a query may have ${MAX_LENGTH} characters, this one has ${text.length}`;
      throw new TraceQlError({ start: MAX_LENGTH, end: text.length, message, found: "a longer query" });
    }
    this.text = text;
    this.#read = read;
    this.#next = read(text, 0);
  }

  peek(): Token {
    return this.#next;
  }

  take(): Token {
    const token = this.#next;
    this.lastEnd = token.end;
    this.#next = this.#read(this.text, token.end);
    return token;
  }

  isSign(...signs: readonly string[]): boolean {
    return this.#next.kind === "sign" && signs.includes(this.#next.text);
  }

  isWord(...words: readonly string[]): boolean {
    return this.#next.kind === "word" && words.includes(this.#next.text);
  }

  takeSign(sign: string): boolean {
    if (!this.isSign(sign)) return false;
    this.take();
    return true;
  }

  expectSign(sign: string): Token {
    if (!this.isSign(sign)) throw this.unexpected([`"${sign}"`]);
    return this.take();
  }

  unexpected(expected: readonly string[], suggestion?: string): TraceQlError {
    return unexpected(this.#next, describeToken(this.#next), expected, suggestion);
  }

  /** Runs `parse` one level deeper. */
  nested<Node>(parse: () => Node): Node {
    if (this.#depth >= MAX_DEPTH) throw this.#tooMuch(`more than ${MAX_DEPTH} levels within each other`);
    this.#depth += 1;
    const node = parse();
    this.#depth -= 1;
    return node;
  }

  takeOperator(): Token {
    this.#operators += 1;
    if (this.#operators > MAX_OPERATORS) throw this.#tooMuch(`more than ${MAX_OPERATORS} operators`);
    return this.take();
  }

  #tooMuch(message: string): TraceQlError {
    return new TraceQlError({ ...this.#next, message, found: describeToken(this.#next) });
  }
}
