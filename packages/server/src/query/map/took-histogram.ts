/** Each bucket is 2 % wider than the one before, so that what is read from one is within 1 % of the truth. */
const WIDTH = Math.log(1.02);
const MIDDLE = 2 / (1 + 1 / 1.02);

/** Lengths of time, kept so that quantiles of them are known to 1 %, in a few hundred numbers at most. */
export class TookHistogram {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;

  add(us: number): void {
    const bucket = us < 1e-3 ? Number.NEGATIVE_INFINITY : Math.floor(Math.log(us) / WIDTH);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#count++;
    if (us < this.#least) this.#least = us;
    if (us > this.#most) this.#most = us;
  }

  /** Milliseconds that this share took at most; null when nothing was added. The least and the greatest are exact. */
  quantileMs(share: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (const [bucket, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      seen += count;
      if (seen >= rank)
        return msOf(Math.min(this.#most, Math.max(this.#least, MIDDLE * Math.exp(bucket * WIDTH))));
    }
    return msOf(this.#most);
  }
}

/** To the nanosecond. */
function msOf(us: number): number {
  return Math.round(us * 1000) / 1_000_000;
}
