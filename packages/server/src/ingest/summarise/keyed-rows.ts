/** Rows that a few integers tell apart, each with a number in order of first sight. Open addressing, half full at most. */
export class KeyedRows {
  readonly #width: number;
  #keys: Int32Array<ArrayBuffer>;
  #table = new Int32Array(256);
  count = 0;

  /** `width` integers make a key. */
  constructor(width: number) {
    this.#width = width;
    this.#keys = new Int32Array(128 * width);
  }

  /** The number of the row with this key; `count` grows when it is new. */
  find(key: Int32Array): number {
    const mask = this.#table.length - 1;
    for (let slot = hashOf(key, 0, this.#width) & mask; ; slot = (slot + 1) & mask) {
      const row = this.#table[slot]! - 1;
      if (row < 0) return this.#add(key);
      if (this.#is(row, key)) return row;
    }
  }

  reset(): void {
    if (this.count > 4096) this.#table = new Int32Array(256);
    else this.#table.fill(0);
    this.count = 0;
  }

  #is(row: number, key: Int32Array): boolean {
    const at = row * this.#width;
    for (let i = 0; i < this.#width; i++) if (this.#keys[at + i] !== key[i]) return false;
    return true;
  }

  #add(key: Int32Array): number {
    if (this.count * 2 >= this.#table.length) this.#grow();
    const at = this.count * this.#width;
    if (at === this.#keys.length) {
      const keys = new Int32Array(at * 2);
      keys.set(this.#keys);
      this.#keys = keys;
    }
    this.#keys.set(key, at);
    this.#place(this.count);
    return this.count++;
  }

  #place(row: number): void {
    const mask = this.#table.length - 1;
    let slot = hashOf(this.#keys, row * this.#width, this.#width) & mask;
    while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
    this.#table[slot] = row + 1;
  }

  #grow(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    for (let row = 0; row < this.count; row++) this.#place(row);
  }
}

function hashOf(words: Int32Array, at: number, length: number): number {
  let hash = 0x9e3779b9;
  for (let i = at; i < at + length; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x7feb352d);
  return hash ^ (hash >>> 15);
}
