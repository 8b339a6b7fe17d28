import { BytePlaces, MAX_LENGTH } from "./byte-places.ts";

const PLACES = 4096;

/**
 * JavaScript strings for byte ranges. Models, agents, sessions repeat from span to span, and comparing bytes
 * with the last string in the same place is cheaper than decoding them again. Takes half a megabyte.
 */
export class TextCache {
  readonly #places = new BytePlaces(PLACES);
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
    if (this.#places.has(last, view, at, n)) return this.#texts[last]!;
    const place = this.#place(src, view, at, n);
    this.#last[key] = place;
    return this.#texts[place]!;
  }

  text(src: Buffer, view: DataView, at: number, n: number): string {
    if (n > MAX_LENGTH) return src.toString("utf8", at, at + n);
    return this.#texts[this.#place(src, view, at, n)]!;
  }

  #place(src: Buffer, view: DataView, at: number, n: number): number {
    const place = this.#places.find(view, at, n);
    if (this.#places.isNew) this.#texts[place] = src.toString("utf8", at, at + n);
    return place;
  }
}

function grown(array: Int32Array<ArrayBuffer>, wanted: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(array.length * 2, wanted));
  larger.set(array);
  return larger;
}
