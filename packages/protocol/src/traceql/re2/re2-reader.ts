import { Re2Error } from "./re2-error.ts";

const QUOTED = /\\Q([\s\S]*?)(?:\\E|$)|\\[\s\S]/g;

/** A regular expression read from left to right. Quoted stretches (`\Q...\E`) are written out first. */
export class Re2Reader {
  readonly #text: string;
  #at = 0;

  constructor(pattern: string) {
    this.#text = pattern.replace(QUOTED, (whole: string, quoted: string | undefined) =>
      quoted === undefined ? whole : quoted.replace(/[^\p{L}\p{N}\s]/gu, escaped),
    );
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  at(sign: string): boolean {
    return this.#text.startsWith(sign, this.#at);
  }

  take(sign: string): boolean {
    if (!this.at(sign)) return false;
    this.#at += sign.length;
    return true;
  }

  /** Takes what a sticky expression finds right here. */
  takeMatch(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text);
    if (found === null) return undefined;
    this.#at = expression.lastIndex;
    return found;
  }

  /** The next character, whole. */
  next(): string {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw new Re2Error("the expression ends too early");
    const sign = String.fromCodePoint(code);
    this.#at += sign.length;
    return sign;
  }
}

/** Only ASCII punctuation may stand behind a backslash. */
function escaped(sign: string): string {
  return sign.codePointAt(0)! < 0x80 ? `\\${sign}` : sign;
}
