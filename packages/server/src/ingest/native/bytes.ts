import { viewOf } from "./same-bytes.ts";

/** A buffer that grows by doubling; `buf.subarray(0, length)` is what was written. */
export class Bytes {
  buf: Buffer;
  length = 0;
  #view: DataView;
  #viewed: Buffer;

  constructor(capacity: number) {
    this.buf = Buffer.allocUnsafeSlow(capacity);
    this.#viewed = this.buf;
    this.#view = viewOf(this.buf);
  }

  /** Makes room for `n` more bytes. Call it before writing into `buf` directly. */
  need(n: number): void {
    const wanted = this.length + n;
    if (wanted <= this.buf.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buf.length * 2, wanted));
    this.buf.copy(grown, 0, 0, this.length);
    this.buf = grown;
  }

  view(): Uint8Array {
    return this.buf.subarray(0, this.length);
  }

  /** Forgets the content; a buffer that one odd batch blew up is given back. */
  reset(keepAtMost: number): void {
    if (this.buf.length > keepAtMost) this.buf = Buffer.allocUnsafeSlow(keepAtMost);
    this.length = 0;
  }

  zeros(n: number): void {
    this.need(n);
    this.buf.fill(0, this.length, this.length + n);
    this.length += n;
  }

  u8(value: number): void {
    if (this.length === this.buf.length) this.need(1);
    this.buf[this.length++] = value;
  }

  varint(value: number): void {
    if (this.length + 10 > this.buf.length) this.need(10);
    const buf = this.buf;
    let at = this.length;
    let rest = value;
    while (rest >= 128) {
      buf[at++] = (rest & 127) | 128;
      rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 128);
    }
    buf[at++] = rest;
    this.length = at;
  }

  u32(value: number): void {
    if (this.length + 4 > this.buf.length) this.need(4);
    const buf = this.buf;
    const at = this.length;
    buf[at] = value;
    buf[at + 1] = value >>> 8;
    buf[at + 2] = value >>> 16;
    buf[at + 3] = value >>> 24;
    this.length = at + 4;
  }

  /** Two unsigned 32-bit halves, little-endian. */
  u64(lo: number, hi: number): void {
    this.u32(lo);
    this.u32(hi);
  }

  /** A non-negative integer below 2^53. */
  u64Number(value: number): void {
    this.u64(value >>> 0, (value / 4294967296) >>> 0);
  }

  f64(value: number): void {
    this.need(8);
    this.buf.writeDoubleLE(value, this.length);
    this.length += 8;
  }

  /** Copies `src[start, end)`. A loop beats the native copy below some fifty bytes. */
  copy(src: Uint8Array, start: number, end: number): void {
    const n = end - start;
    if (this.length + n > this.buf.length) this.need(n);
    const buf = this.buf;
    let at = this.length;
    if (n > 48) {
      buf.set(src.subarray(start, end), at);
      this.length = at + n;
      return;
    }
    for (let i = start; i < end; i++) buf[at++] = src[i]!;
    this.length = at;
  }

  /** A String value of the Native format from the bytes that `src` shows: length, then the bytes. */
  stringFrom(src: DataView, start: number, end: number): void {
    const n = end - start;
    this.varint(n);
    if (this.length + n > this.buf.length) this.need(n);
    if (this.#viewed !== this.buf) {
      this.#viewed = this.buf;
      this.#view = viewOf(this.buf);
    }
    // Up to a few hundred bytes a loop beats a native call; four at a time beats one by one.
    if (n > 512) {
      const bytes = new Uint8Array(src.buffer, src.byteOffset + start, n);
      this.buf.set(bytes, this.length);
      this.length += n;
      return;
    }
    const view = this.#view;
    let from = start;
    let at = this.length;
    for (const last = end - 4; from <= last; from += 4, at += 4)
      view.setInt32(at, src.getInt32(from, true), true);
    for (; from < end; from++, at++) view.setUint8(at, src.getUint8(from));
    this.length = at;
  }

  /** Length prefix and bytes: a String value of the Native format. */
  stringBytes(src: Uint8Array, start: number, end: number): void {
    this.varint(end - start);
    this.copy(src, start, end);
  }

  /** The same from a JavaScript string. */
  string(text: string): void {
    const n = text.length;
    if (n === 0) {
      this.u8(0);
      return;
    }
    if (n < 100) {
      // Most are short and plain: one pass that gives up at the first character beyond ASCII.
      this.need(n + 1);
      const buf = this.buf;
      let at = this.length;
      buf[at++] = n;
      let i = 0;
      for (; i < n; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) break;
        buf[at++] = code;
      }
      if (i === n) {
        this.length = at;
        return;
      }
    }
    const size = Buffer.byteLength(text, "utf8");
    this.varint(size);
    this.need(size);
    this.length += this.buf.write(text, this.length, size, "utf8");
  }
}
