/** Things that are given out one after the other. */
export class Sequence<Item> {
  readonly #items: Item[] = [];
  readonly #isEndless: boolean;
  #given = 0;

  /** An endless one begins anew after its last. */
  constructor(isEndless: boolean) {
    this.#isEndless = isEndless;
  }

  add(item: Item): void {
    this.#items.push(item);
  }

  next(): Item | undefined {
    const at = this.#isEndless ? this.#given % this.#items.length : this.#given;
    this.#given += 1;
    return this.#items[at];
  }
}
