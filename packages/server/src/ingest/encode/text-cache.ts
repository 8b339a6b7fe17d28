import { hashOf, sameBytes } from "../native/words.ts";

const PLACES = 4096;
/** Longer texts are rarely seen twice. */
const MAX_LENGTH = 128;

/**
 * JavaScript strings for byte ranges. Models, agents, sessions repeat from span to span, and comparing bytes
 * with the last string in the same place is cheaper than decoding them again. Takes half a megabyte.
 */
export class TextCache {
  /** `MAX_LENGTH` bytes a place. */
  readonly #bytes = new Uint8Array(PLACES * MAX_LENGTH);
  readonly #words = new DataView(this.#bytes.buffer);
  readonly #lengths = new Int32Array(PLACES).fill(-1);
  readonly #texts: string[] = new Array(PLACES).fill("");
  /** Where the last value of each attribute key is, by key id: neighbours mostly agree. */
  #last = new Int32Array(256);

  /**
   * The text of an attribute's value, `n` bytes that a view from `wordsOf` shows from `at`; `key` is any small
   * number that stands for the attribute's key.
   */
  textOf(key: number, src: Buffer, view: DataView, at: number, n: number): string {
    if (n > MAX_LENGTH) return src.toString("utf8", at, at + n);
    if (key >= this.#last.length) this.#last = grown(this.#last, key + 1);
    const last = this.#last[key]!;
    if (this.#lengths[last] === n && sameBytes(this.#words, last * MAX_LENGTH, view, at, n))
      return this.#texts[last]!;
    const place = this.#place(src, view, at, n);
    this.#last[key] = place;
    return this.#texts[place]!;
  }

  text(src: Buffer, view: DataView, at: number, n: number): string {
    if (n > MAX_LENGTH) return src.toString("utf8", at, at + n);
    return this.#texts[this.#place(src, view, at, n)]!;
  }

  #place(src: Buffer, view: DataView, at: number, n: number): number {
    const place = hashOf(view, at, n) & (PLACES - 1);
    const start = place * MAX_LENGTH;
    if (this.#lengths[place] === n && sameBytes(this.#words, start, view, at, n)) return place;
    for (let i = 0; i < n; i++) this.#bytes[start + i] = src[at + i]!;
    this.#lengths[place] = n;
    this.#texts[place] = src.toString("utf8", at, at + n);
    return place;
  }
}

function grown(array: Int32Array<ArrayBuffer>, wanted: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(array.length * 2, wanted));
  larger.set(array);
  return larger;
}
