import { hashOf, sameBytes } from "../native/words.ts";

/** Longer strings are rarely seen twice. */
export const MAX_LENGTH = 128;

/**
 * Short byte strings, each at a place that depends on its bytes and that it keeps until another one needs it.
 * Callers keep beside it what they made of the bytes at each place.
 */
export class BytePlaces {
  /** `MAX_LENGTH` bytes a place. */
  readonly #bytes: Uint8Array;
  readonly #words: DataView;
  readonly #lengths: Int32Array;
  /** The last `find` took its place from another string. */
  isNew = false;

  /** `places` is a power of two. */
  constructor(places: number) {
    this.#bytes = new Uint8Array(places * MAX_LENGTH);
    this.#words = new DataView(this.#bytes.buffer);
    this.#lengths = new Int32Array(places).fill(-1);
  }

  /** Whether the place has the `n` bytes that a view from `wordsOf` shows from `at`. */
  has(place: number, view: DataView, at: number, n: number): boolean {
    return this.#lengths[place] === n && sameBytes(this.#words, place * MAX_LENGTH, view, at, n);
  }

  /** The place of `n` bytes, at most `MAX_LENGTH`. */
  find(view: DataView, at: number, n: number): number {
    const place = hashOf(view, at, n) & (this.#lengths.length - 1);
    this.isNew = !this.has(place, view, at, n);
    if (this.isNew) {
      const start = place * MAX_LENGTH;
      for (let i = 0; i < n; i++) this.#bytes[start + i] = view.getUint8(at + i);
      this.#lengths[place] = n;
    }
    return place;
  }
}
