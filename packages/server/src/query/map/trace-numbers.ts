const WORDS = 4;

/** Numbers traces from 0 in the order in which they come: a table without an object or a text for any id. */
export class TraceNumbers {
  readonly #mask: number;
  /** Ids come from outside, and none should be made to collide. */
  readonly #seed = Math.trunc(Math.random() * 2 ** 32);
  readonly #ids: Uint32Array;
  /** 0 for none, else the number and one more. */
  readonly #numbers: Uint32Array;
  #count = 0;

  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(8, 2 * most)));
    this.#mask = size - 1;
    this.#ids = new Uint32Array(size * WORDS);
    this.#numbers = new Uint32Array(size);
  }

  get count(): number {
    return this.#count;
  }

  /** The number of the trace whose id is the four words from `from` on; a new one where it was not known. */
  add(words: Uint32Array, from: number): number {
    const slot = this.#slotOf(words, from);
    if (this.#numbers[slot] === 0) {
      for (let word = 0; word < WORDS; word++) this.#ids[slot * WORDS + word] = words[from + word]!;
      this.#numbers[slot] = ++this.#count;
    }
    return this.#numbers[slot]! - 1;
  }

  /** -1 for a trace that was never added. */
  find(words: Uint32Array): number {
    return this.#numbers[this.#slotOf(words, 0)]! - 1;
  }

  #slotOf(words: Uint32Array, from: number): number {
    let hash = this.#seed;
    for (let word = 0; word < WORDS; word++) {
      hash = Math.imul(hash ^ words[from + word]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      if (this.#numbers[slot] === 0 || this.#isAt(slot, words, from)) return slot;
    }
  }

  #isAt(slot: number, words: Uint32Array, from: number): boolean {
    for (let word = 0; word < WORDS; word++) {
      if (this.#ids[slot * WORDS + word] !== words[from + word]) return false;
    }
    return true;
  }
}
