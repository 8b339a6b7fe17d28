import type { SpanRows } from "../analysis.ts";

/** A column of texts in two traces. Texts are simplified and compared once, however many spans have them. */
export class TextColumn {
  readonly #none: number;
  readonly #rowsA: readonly number[];
  readonly #rowsB: readonly number[];
  /** By index into the dictionary: a number, equal for what is the same. */
  readonly #textsA: readonly number[];
  readonly #textsB: readonly number[];

  constructor(
    a: SpanRows,
    b: SpanRows,
    column: "name" | "agent" | "tool" | "model" | "err",
    simplify = (text: string): string => text,
  ) {
    const numbers = new Map<string, number>();
    const numberOf = (text: string): number => {
      const simple = simplify(text);
      const known = numbers.get(simple) ?? numbers.size;
      numbers.set(simple, known);
      return known;
    };
    this.#none = numberOf("");
    this.#rowsA = a[column];
    this.#rowsB = b[column];
    this.#textsA = a.dict[column].map(numberOf);
    this.#textsB = b.dict[column].map(numberOf);
  }

  differs(rowA: number, rowB: number): boolean {
    const textA = this.#textsA[this.#rowsA[rowA] ?? 0] ?? this.#none;
    const textB = this.#textsB[this.#rowsB[rowB] ?? 0] ?? this.#none;
    return textA !== textB;
  }
}
