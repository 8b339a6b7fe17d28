import { Bytes } from "./bytes.ts";
import { sameBytes, viewOf } from "./same-bytes.ts";

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
  #viewed: Uint8Array = this.#arena.buf;
  #view = viewOf(this.#viewed);
  count = 0;

  /** Bytes that the strings take. */
  get size(): number {
    return this.#arena.length;
  }

  intern(src: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(src, start, end);
    const table = this.#table;
    const length = end - start;
    const arena = this.#arena.buf;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const id = table[slot]! - 1;
      if (id < 0) return this.#add(src, start, end, hash);
      if (this.#hashes[id] !== hash) continue;
      const at = this.#starts[id]!;
      if (this.#ends[id]! - at !== length) continue;
      let i = 0;
      while (i < length && arena[at + i] === src[start + i]) i++;
      if (i === length) return id;
    }
  }

  /** Whether the string `id` has these bytes. */
  is(id: number, src: DataView, start: number, end: number): boolean {
    const at = this.#starts[id]!;
    if (this.#ends[id]! - at !== end - start) return false;
    if (this.#viewed !== this.#arena.buf) {
      this.#viewed = this.#arena.buf;
      this.#view = viewOf(this.#viewed);
    }
    return sameBytes(this.#view, at, src, start, end - start);
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

/** A 32-bit hash, well mixed in its low bits; every byte counts. */
export function hashBytes(src: Uint8Array, start: number, end: number): number {
  let hash = (end - start) ^ 0x9e3779b9;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const word = src[i]! | (src[i + 1]! << 8) | (src[i + 2]! << 16) | (src[i + 3]! << 24);
    hash = Math.imul(hash ^ word, 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ src[i]!, 0xc2b2ae35);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x7feb352d);
  return hash ^ (hash >>> 15);
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}
