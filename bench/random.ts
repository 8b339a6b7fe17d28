/** Repeatable pseudo-random numbers: a Weyl sequence whose steps are mixed. Not for secrets. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A 32-bit unsigned integer. */
  word(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** In [0, 1). */
  unit(): number {
    return this.word() / 4294967296;
  }

  /** A whole number in [from, to]. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.unit() * (to - from + 1));
  }

  /** Between two positive numbers, where each doubling is as likely as any other. */
  doubling(from: number, to: number): number {
    return from * (to / from) ** this.unit();
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.whole(0, items.length - 1)]!;
  }

  hex(characters: number): string {
    let text = "";
    while (text.length < characters) text += this.word().toString(16).padStart(8, "0");
    return text.slice(0, characters);
  }
}
