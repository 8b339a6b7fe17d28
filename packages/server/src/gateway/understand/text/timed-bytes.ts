import { inflate } from "./inflate.ts";

const MAX_ENCODED = 2 * 1024 * 1024;
const MAX_INFLATED = 8 * 1024 * 1024;
/** The pieces for which it is known when they came. */
const MAX_TIMED = 16;

interface Timed {
  readonly bytes: Buffer;
  readonly atNs: bigint;
}

/** A compressed body, kept until its end, with when its first pieces came. */
export class TimedBytes {
  readonly #encoding: string;
  readonly #maxTimed: number;
  readonly #pieces: Timed[] = [];
  #size = 0;

  /** With `isTimed` it is found out which piece brought what, for which the first ones are inflated again. */
  constructor(encoding: string, isTimed: boolean) {
    this.#encoding = encoding;
    this.#maxTimed = isTimed ? MAX_TIMED : 0;
  }

  push(bytes: Buffer, atNs: bigint): void {
    this.#size += bytes.length;
    if (this.#size <= MAX_ENCODED) this.#pieces.push({ bytes, atNs });
    else this.#pieces.length = 0;
  }

  /** The body in the pieces that could be read when it came; undefined when it is too large, damaged, or in an unknown encoding. */
  inflated(): Timed[] | undefined {
    if (this.#size === 0) return [];
    if (this.#size > MAX_ENCODED) return undefined;
    const encoded = Buffer.concat(this.#pieces.map(({ bytes }) => bytes));
    const whole = inflate(encoded, this.#encoding, MAX_INFLATED);
    if (whole === undefined) return undefined;
    const pieces: Timed[] = [];
    let from = 0;
    let seen = 0;
    for (const { bytes, atNs } of this.#pieces.slice(0, this.#maxTimed)) {
      seen += bytes.length;
      const known =
        seen === this.#size
          ? whole.length
          : (inflate(encoded.subarray(0, seen), this.#encoding, MAX_INFLATED)?.length ?? from);
      if (known > from) pieces.push({ bytes: whole.subarray(from, known), atNs });
      from = Math.max(from, known);
    }
    if (from < whole.length)
      pieces.push({ bytes: whole.subarray(from), atNs: this.#pieces.at(-1)?.atNs ?? 0n });
    return pieces;
  }
}
