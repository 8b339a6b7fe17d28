/** Sums of a list that forgets its oldest entries, so that they never fall. */
export class RisingSums {
  readonly #totals = new Map<string, number>();
  #last: ReadonlyMap<string, number> = new Map();

  /** Takes over by how much the sums of the entries have risen since the last time. */
  update(entries: Iterable<readonly [key: string, count: number]>): void {
    const sums = new Map<string, number>();
    for (const [key, count] of entries) sums.set(key, (sums.get(key) ?? 0) + count);
    for (const [key, sum] of sums) {
      const risen = Math.max(0, sum - (this.#last.get(key) ?? 0));
      this.#totals.set(key, (this.#totals.get(key) ?? 0) + risen);
    }
    this.#last = sums;
  }

  get totals(): ReadonlyMap<string, number> {
    return this.#totals;
  }
}
