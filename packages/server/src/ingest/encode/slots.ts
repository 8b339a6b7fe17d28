import type { SlotValues } from "../understand/slot.ts";

/**
 * The raw fields of one span or log record that the translators look at. Several keys can fill one slot; the one
 * with the lowest rank wins.
 */
export class Slots {
  readonly #values: (string | number | undefined)[];
  readonly #ranks: Int32Array;
  readonly #touched: Int32Array;
  #count = 0;

  constructor(slots: number) {
    this.#values = new Array(slots).fill(undefined);
    this.#ranks = new Int32Array(slots);
    this.#touched = new Int32Array(slots);
  }

  get values(): SlotValues {
    return this.#values;
  }

  get empty(): boolean {
    return this.#count === 0;
  }

  offer(slot: number, rank: number, value: string | number): void {
    if (this.#values[slot] === undefined) {
      this.#touched[this.#count++] = slot;
    } else if (this.#ranks[slot]! <= rank) {
      return;
    }
    this.#values[slot] = value;
    this.#ranks[slot] = rank;
  }

  /** Offers a value to several slots: pairs of slot and rank. */
  offerAll(rules: readonly number[], value: string | number): void {
    for (let i = 0; i < rules.length; i += 2) this.offer(rules[i]!, rules[i + 1]!, value);
  }

  clear(): void {
    for (let i = 0; i < this.#count; i++) this.#values[this.#touched[i]!] = undefined;
    this.#count = 0;
  }
}
