/** What changed lately, in the order of its last change; of too much the oldest is forgotten. */
export class RecentChanges {
  readonly #most: number;
  /** By key, oldest change first. */
  readonly #seqs = new Map<string, number>();
  #seq = 0;
  /** All changes after this one are known. */
  #forgotten = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** The last number that was given out. */
  get seq(): number {
    return this.#seq;
  }

  /** A number for the changes that are about to be told. */
  next(): number {
    this.#seq += 1;
    return this.#seq;
  }

  /** These have changed, and were told under this number. */
  add(keys: readonly string[], seq: number): void {
    for (const key of keys) {
      this.#seqs.delete(key);
      this.#seqs.set(key, seq);
    }
    for (const [key, told] of this.#seqs) {
      if (this.#seqs.size <= this.#most) break;
      this.#seqs.delete(key);
      this.#forgotten = told;
    }
  }

  /** What changed after `seq`, oldest change first; undefined where that is not known. */
  since(seq: number): readonly string[] | undefined {
    if (!(seq >= this.#forgotten && seq <= this.#seq)) return undefined;
    return [...this.#seqs].flatMap(([key, changed]) => (changed > seq ? [key] : []));
  }

  /** Nothing from before is known any more. */
  clear(): void {
    this.#seqs.clear();
    this.#forgotten = this.next();
  }
}
