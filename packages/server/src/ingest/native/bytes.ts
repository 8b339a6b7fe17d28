/** Whole words may be written up to this far beyond what is needed. */
const SLACK = 8;
/** Up to this many bytes a loop over words beats a native call. */
const LOOP = 512;

/** A buffer that grows by doubling; `buf.subarray(0, length)` is what was written. */
export class Bytes {
  buf: Buffer;
  length = 0;
  /** Of all of `buf`. */
  words: DataView;

  constructor(capacity: number) {
    this.buf = Buffer.allocUnsafeSlow(capacity);
    this.words = new DataView(this.buf.buffer);
  }

  /** Makes room for `n` more bytes. Call it before writing into `buf` directly. */
  need(n: number): void {
    const wanted = this.length + n;
    if (wanted <= this.buf.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buf.length * 2, wanted));
    this.buf.copy(grown, 0, 0, this.length);
    this.#take(grown);
  }

  #take(buf: Buffer): void {
    this.buf = buf;
    this.words = new DataView(buf.buffer);
  }

  view(): Uint8Array {
    return this.buf.subarray(0, this.length);
  }

  /** Forgets the content; a buffer that one odd batch blew up is given back. */
  reset(keepAtMost: number): void {
    if (this.buf.length > keepAtMost) this.#take(Buffer.allocUnsafeSlow(keepAtMost));
    this.length = 0;
  }

  zeros(n: number): void {
    if (this.length + n + SLACK > this.buf.length) this.need(n + SLACK);
    const { length, words } = this;
    const end = length + n;
    if (n > LOOP) this.buf.fill(0, length, end);
    else for (let at = length; at < end; at += 8) words.setBigInt64(at, 0n, true);
    this.length = end;
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
    this.words.setInt32(this.length, value, true);
    this.length += 4;
  }

  /** Two unsigned 32-bit halves, little-endian. */
  u64(lo: number, hi: number): void {
    if (this.length + 8 > this.buf.length) this.need(8);
    const { words, length } = this;
    words.setInt32(length, lo, true);
    words.setInt32(length + 4, hi, true);
    this.length = length + 8;
  }

  /** A non-negative integer below 2^53. */
  u64Number(value: number): void {
    this.u64(value >>> 0, (value / 4294967296) >>> 0);
  }

  f64(value: number): void {
    this.need(8);
    this.words.setFloat64(this.length, value, true);
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

  /**
   * Copies `n` bytes that a view from `wordsOf` shows from `at`. Word by word beats a native call up to a few
   * hundred bytes; up to seven bytes beyond are read and written, and then overwritten by what comes next.
   */
  copyWords(src: DataView, at: number, n: number): void {
    if (this.length + n + SLACK > this.buf.length) this.need(n + SLACK);
    if (n > LOOP) {
      this.buf.set(new Uint8Array(src.buffer, src.byteOffset + at, n), this.length);
    } else {
      const words = this.words;
      const end = at + n;
      for (let from = at, to = this.length; from < end; from += 8, to += 8)
        words.setBigInt64(to, src.getBigInt64(from, true), true);
    }
    this.length += n;
  }

  /** Copies `n` bytes that were written before, from `at`. */
  repeat(at: number, n: number): void {
    if (this.length + n + SLACK > this.buf.length) this.need(n + SLACK);
    this.copyWords(this.words, at, n);
  }

  /** Copies bytes with their length before them: a String value of the Native format. */
  stringWords(src: DataView, at: number, n: number): void {
    this.varint(n);
    this.copyWords(src, at, n);
  }

  /** Decimal digits of an integer from 0 up to 2^32, with their number before them. */
  decimal(value: number): void {
    if (this.length + 11 > this.buf.length) this.need(11);
    const buf = this.buf;
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits++;
    let at = this.length;
    buf[at] = digits;
    this.length = at + 1 + digits;
    let rest = value;
    for (at += digits; digits > 0; digits--, at--) {
      const tens = Math.floor(rest / 10);
      buf[at] = 48 + rest - tens * 10;
      rest = tens;
    }
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
