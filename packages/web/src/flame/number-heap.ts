/** Numbers with a key each; the one with the least key comes out first. */
export class NumberHeap {
  readonly #keys: number[] = [];
  readonly #values: number[] = [];

  /** Infinity when it is empty. */
  get least(): number {
    return this.#keys[0] ?? Number.POSITIVE_INFINITY;
  }

  push(key: number, value: number): void {
    let at = this.#keys.length;
    while (at > 0 && this.#keys[(at - 1) >> 1]! > key) {
      const above = (at - 1) >> 1;
      this.#put(at, this.#keys[above]!, this.#values[above]!);
      at = above;
    }
    this.#put(at, key, value);
  }

  pop(): number | undefined {
    const first = this.#values[0];
    const key = this.#keys.pop();
    const value = this.#values.pop();
    if (key === undefined || value === undefined || this.#keys.length === 0) return first;
    let at = 0;
    for (let below = 1; below < this.#keys.length; below = 2 * at + 1) {
      if (below + 1 < this.#keys.length && this.#keys[below + 1]! < this.#keys[below]!) below++;
      if (this.#keys[below]! >= key) break;
      this.#put(at, this.#keys[below]!, this.#values[below]!);
      at = below;
    }
    this.#put(at, key, value);
    return first;
  }

  #put(at: number, key: number, value: number): void {
    this.#keys[at] = key;
    this.#values[at] = value;
  }
}
