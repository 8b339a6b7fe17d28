/** Where ids stand: a table of keys of a few words each, without an object or a text for any of them. */
export class IdPlaces {
  readonly #width: number;
  readonly #mask: number;
  /** Ids come from outside, and none should be made to collide. */
  readonly #seed = Math.trunc(Math.random() * 2 ** 32);
  readonly #keys: Uint32Array;
  /** 0 for none, else the place and one more. */
  readonly #places: Uint32Array;

  constructor(most: number, width: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(8, 2 * most)));
    this.#width = width;
    this.#mask = size - 1;
    this.#keys = new Uint32Array(size * width);
    this.#places = new Uint32Array(size);
  }

  /** The place of a key: the one that it had before, else the one given. */
  add(key: Uint32Array, place: number): number {
    const slot = this.#slotOf(key);
    if (this.#places[slot] === 0) {
      this.#keys.set(key, slot * this.#width);
      this.#places[slot] = place + 1;
    }
    return this.#places[slot]! - 1;
  }

  /** -1 for a key that was never added. */
  find(key: Uint32Array): number {
    return this.#places[this.#slotOf(key)]! - 1;
  }

  #slotOf(key: Uint32Array): number {
    let hash = this.#seed;
    for (let word = 0; word < this.#width; word++)
      hash = Math.imul(hash ^ key[word]!, 0x9e3779b1) ^ (hash >>> 15);
    for (let slot = (hash ^ (hash >>> 16)) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      if (this.#places[slot] === 0 || this.#isAt(slot, key)) return slot;
    }
  }

  #isAt(slot: number, key: Uint32Array): boolean {
    for (let word = 0; word < this.#width; word++) {
      if (this.#keys[slot * this.#width + word] !== key[word]) return false;
    }
    return true;
  }
}
