import { Bytes } from "./bytes.ts";
import { hashOf, sameBytes, wordsOf } from "./words.ts";

/**
 * Gives each distinct byte string a small number, in order of first sight. Open addressing over a table of
 * numbers; the strings stand one after another in one buffer, already in the Native format's layout.
 */
export class Interner {
  #table = new Int32Array(256);
  #mask = 255;
  #hashes = new Int32Array(128);
  #starts = new Int32Array(128);
  #ends = new Int32Array(128);
  #strings = new Map<string, number>();
  readonly #arena = new Bytes(1 << 12);
  count = 0;

  /** Bytes that the strings take. */
  get size(): number {
    return this.#arena.length;
  }

  intern(src: Uint8Array, start: number, end: number): number {
    const view = wordsOf(src);
    const length = end - start;
    const hash = hashOf(view, start, length);
    const table = this.#table;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const id = table[slot]! - 1;
      if (id < 0) return this.#add(src, start, end, hash);
      if (this.#hashes[id] === hash && this.is(id, view, start, length)) return id;
    }
  }

  /** Whether the string `id` is the `length` bytes that a view from `wordsOf` shows from `start`. */
  is(id: number, src: DataView, start: number, length: number): boolean {
    const at = this.#starts[id]!;
    return this.#ends[id]! - at === length && sameBytes(this.#arena.words, at, src, start, length);
  }

  internString(text: string): number {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    const bytes = Buffer.from(text, "utf8");
    const id = this.intern(bytes, 0, bytes.length);
    this.#strings.set(text, id);
    return id;
  }

  /** All strings in order, each with its length before it. */
  nativeStrings(): Uint8Array {
    return this.#arena.view();
  }

  text(id: number): string {
    return this.#arena.buf.toString("utf8", this.#starts[id], this.#ends[id]);
  }

  reset(): void {
    if (this.count > 4096) {
      this.#table = new Int32Array(256);
      this.#mask = 255;
    } else {
      this.#table.fill(0);
    }
    this.#strings.clear();
    this.#arena.reset(1 << 20);
    this.count = 0;
  }

  #add(src: Uint8Array, start: number, end: number, hash: number): number {
    if (this.count * 2 >= this.#table.length) this.#grow();
    if (this.count === this.#hashes.length) {
      this.#hashes = doubled(this.#hashes);
      this.#starts = doubled(this.#starts);
      this.#ends = doubled(this.#ends);
    }
    const id = this.count++;
    this.#arena.stringBytes(src, start, end);
    this.#ends[id] = this.#arena.length;
    this.#starts[id] = this.#arena.length - (end - start);
    this.#hashes[id] = hash;
    this.#place(id, hash);
    return id;
  }

  #place(id: number, hash: number): void {
    let slot = hash & this.#mask;
    while (this.#table[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#table[slot] = id + 1;
  }

  #grow(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    this.#mask = this.#table.length - 1;
    for (let id = 0; id < this.count; id++) this.#place(id, this.#hashes[id]!);
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}
