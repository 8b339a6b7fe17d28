import type { AnyValue, KeyValue } from "@clew/protocol/otlp/model";

/** The text is no JSON value, or one that says less than an `AnyValue` needs (`null`). */
export class UnreadableValue extends Error {
  override readonly name = "UnreadableValue";
}

const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;

/**
 * Reads an array or map as ingest writes it. Unlike `JSON.parse` it tells 1 from 1.0, keeps every digit of a
 * 64-bit integer, and keeps the members of a map in order, equal keys included. Throws `UnreadableValue`.
 */
export function parseNaturalJson(text: string): AnyValue {
  const reader = new Reader(text);
  const value = reader.value();
  reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): AnyValue {
    this.#match(SPACE);
    switch (this.#text[this.#at]) {
      case '"':
        return { stringValue: this.#string() };
      case "[":
        return { arrayValue: this.#list("]", () => this.value()) };
      case "{":
        return { kvlistValue: this.#list("}", () => this.#member()) };
      case "t":
        return this.#word("true", { boolValue: true });
      case "f":
        return this.#word("false", { boolValue: false });
      default:
        return this.#number();
    }
  }

  end(): void {
    this.#match(SPACE);
    if (this.#at < this.#text.length) throw this.#unreadable();
  }

  #list<Item>(close: string, item: () => Item): { values?: Item[] } {
    this.#at += 1;
    const values: Item[] = [];
    this.#match(SPACE);
    if (this.#take(close)) return {};
    for (;;) {
      values.push(item());
      this.#match(SPACE);
      if (this.#take(close)) return { values };
      if (!this.#take(",")) throw this.#unreadable();
    }
  }

  #member(): KeyValue {
    this.#match(SPACE);
    const key = this.#string();
    this.#match(SPACE);
    if (!this.#take(":")) throw this.#unreadable();
    const value = this.value();
    return key === "" ? { value } : { key, value };
  }

  #string(): string {
    const start = this.#at;
    if (this.#text[start] !== '"') throw this.#unreadable();
    let end = start;
    do end = this.#text.indexOf('"', end + 1);
    while (end >= 0 && this.#isEscaped(end));
    if (end < 0) throw this.#unreadable();
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, end + 1)) as string;
    } catch (error) {
      throw new UnreadableValue(`No string at character ${start}`, { cause: error });
    }
  }

  #isEscaped(at: number): boolean {
    let backslashes = 0;
    while (this.#text[at - 1 - backslashes] === "\\") backslashes += 1;
    return backslashes % 2 === 1;
  }

  #number(): AnyValue {
    const token = this.#match(NUMBER);
    if (token === undefined) throw this.#unreadable();
    return /[.eE]/.test(token) ? { doubleValue: Number(token) } : { intValue: token };
  }

  #word(word: string, value: AnyValue): AnyValue {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unreadable();
    this.#at += word.length;
    return value;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0];
    if (token !== undefined) this.#at += token.length;
    return token;
  }

  #unreadable(): UnreadableValue {
    return new UnreadableValue(`No value at character ${this.#at}`);
  }
}
