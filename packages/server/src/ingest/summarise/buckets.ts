const NANOS = 1_000_000_000n;

/** Two words as one number of 64 bits. */
function join(hi: number, lo: number): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo);
}

/**
 * The start of the stretch of time, `seconds` long, in which a time lies, as ClickHouse's toStartOfMinute and its
 * like count: a DateTime in seconds, which wraps at 32 bits. Allocates; not for every span.
 */
export function startOf(hi: number, lo: number, seconds: number): number {
  const second = Number(join(hi, lo) / NANOS);
  return (Math.floor(second / seconds) * seconds) >>> 0;
}

/** The same for one time after another, at little cost for times that lie in the stretch of the one before. */
export class Buckets {
  readonly #seconds: number;
  #bucket = 0;
  /** The last stretch: its first time, and the first after it. */
  #fromHi = 0;
  #fromLo = 0;
  #toHi = 0;
  #toLo = 0;

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  of(hi: number, lo: number): number {
    const isAfter = hi > this.#fromHi || (hi === this.#fromHi && lo >= this.#fromLo);
    const isBefore = hi < this.#toHi || (hi === this.#toHi && lo < this.#toLo);
    if (!isAfter || !isBefore) this.#move(hi, lo);
    return this.#bucket;
  }

  #move(hi: number, lo: number): void {
    this.#bucket = startOf(hi, lo, this.#seconds);
    const time = join(hi, lo);
    const length = BigInt(this.#seconds) * NANOS;
    // Before 1970 the seconds are rounded up and the stretches down: such a time is looked at alone.
    const from = time < 0n ? time : time - (time % length);
    const to = time < 0n ? time : from + length;
    this.#fromHi = Number(from >> 32n);
    this.#fromLo = Number(from & 0xffffffffn);
    this.#toHi = Number(to >> 32n);
    this.#toLo = Number(to & 0xffffffffn);
  }
}
