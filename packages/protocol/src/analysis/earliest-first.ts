/** Numbers by time: the one with the earliest time can be seen and taken, in log n. A binary heap. */
export class EarliestFirst {
  readonly #times: number[] = [];
  readonly #values: number[] = [];

  get size(): number {
    return this.#times.length;
  }

  /** Infinite when there is none. */
  get earliest(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY;
  }

  add(time: number, value: number): void {
    let at = this.#times.length;
    this.#put(at, time, value);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(at, above)) break;
      this.#swap(at, above);
      at = above;
    }
  }

  /** The value with the earliest time, of those the smallest. Must not be empty. */
  take(): number {
    const taken = this.#values[0]!;
    this.#swap(0, this.#times.length - 1);
    this.#times.pop();
    this.#values.pop();
    for (let at = 0; ; ) {
      let least = at;
      for (let below = 2 * at + 1; below <= 2 * at + 2; below++) {
        if (below < this.#times.length && this.#isBefore(below, least)) least = below;
      }
      if (least === at) return taken;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const byTime = this.#times[a]! - this.#times[b]!;
    return byTime < 0 || (byTime === 0 && this.#values[a]! < this.#values[b]!);
  }

  #put(at: number, time: number, value: number): void {
    this.#times[at] = time;
    this.#values[at] = value;
  }

  #swap(a: number, b: number): void {
    const time = this.#times[a]!;
    const value = this.#values[a]!;
    this.#put(a, this.#times[b]!, this.#values[b]!);
    this.#put(b, time, value);
  }
}
