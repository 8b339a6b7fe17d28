import { Bytes } from "./bytes.ts";
import { Interner } from "./interner.ts";
import { wordsOf } from "./words.ts";

/** ClickHouse LowCardinality serialization: 1 is the only version of the shared dictionary layout. */
const LOW_CARDINALITY_VERSION = 1;
const HAS_ADDITIONAL_KEYS = 1 << 9;
const KEEP = 1 << 20;
const RECENT = 8;

/**
 * One column of a block in ClickHouse's Native format. Rows are appended by the methods of the concrete
 * column; `chunks` is valid until the next `reset`.
 */
export interface Column {
  /** The column's type as in the table. */
  readonly type: string;
  /** What comes before all data of the column, nested columns included. */
  prefix(out: Bytes): void;
  chunks(): Uint8Array[];
  reset(): void;
  /** Bytes held, to bound a block. */
  readonly size: number;
}

/** Fixed-width values: numbers, dates, FixedString. The caller writes into `data` with the right width. */
export class FixedColumn implements Column {
  readonly type: string;
  readonly #width: number;
  readonly #data: Bytes;
  #zeros = 0;

  constructor(type: string, width: number, capacity = 1 << 16) {
    this.type = type;
    this.#width = width;
    this.#data = new Bytes(capacity);
  }

  /** To write the next row's value into. */
  get data(): Bytes {
    if (this.#zeros > 0) this.#flush();
    return this.#data;
  }

  get size(): number {
    return this.#data.length + this.#zeros;
  }

  /** `rows` rows of zero, which cost nothing until another value comes. */
  zero(rows = 1): void {
    this.#zeros += rows * this.#width;
  }

  u8(value: number): void {
    if (value === 0) this.#zeros++;
    else this.data.u8(value);
  }

  u32(value: number): void {
    if (value === 0) this.#zeros += 4;
    else this.data.u32(value);
  }

  /** An integer from 0 up to 2^53. */
  u64(value: number): void {
    if (value === 0) this.#zeros += 8;
    else this.data.u64Number(value);
  }

  f64(value: number): void {
    if (value === 0) this.#zeros += 8;
    else this.data.f64(value);
  }

  /** `src[at, at + width)`; zeros where `at` is negative. */
  copy(src: Uint8Array, at: number): void {
    if (at < 0) this.#zeros += this.#width;
    else this.data.copyWords(wordsOf(src), at, this.#width);
  }

  prefix(): void {}

  chunks(): Uint8Array[] {
    return [this.data.view()];
  }

  #flush(): void {
    this.#data.zeros(this.#zeros);
    this.#zeros = 0;
  }

  reset(): void {
    this.#zeros = 0;
    this.#data.reset(KEEP * 4);
  }
}

/** Variable-length strings of any bytes. */
export class StringColumn implements Column {
  readonly type = "String";
  readonly #data: Bytes;
  #empties = 0;
  #text = "";
  #textAt = 0;
  #textLength = 0;

  constructor(capacity = 1 << 16) {
    this.#data = new Bytes(capacity);
  }

  /** To write the next row's length and bytes into. */
  get data(): Bytes {
    if (this.#empties > 0) this.#flush();
    return this.#data;
  }

  get size(): number {
    return this.#data.length + this.#empties;
  }

  /** `rows` empty strings, which cost nothing until another value comes. */
  empty(rows = 1): void {
    this.#empties += rows;
  }

  string(text: string): void {
    if (text === "") {
      this.#empties++;
      return;
    }
    const { data } = this;
    const at = data.length;
    // Neighbours often have the same text, which is copied faster than it is encoded.
    if (text === this.#text) data.repeat(this.#textAt, this.#textLength);
    else {
      data.string(text);
      this.#text = text;
      this.#textLength = data.length - at;
    }
    this.#textAt = at;
  }

  bytes(src: Uint8Array, start: number, end: number): void {
    if (start === end) this.#empties++;
    else this.data.stringBytes(src, start, end);
  }

  #flush(): void {
    this.#data.zeros(this.#empties);
    this.#empties = 0;
  }

  prefix(): void {}

  chunks(): Uint8Array[] {
    return [this.data.view()];
  }

  reset(): void {
    this.#empties = 0;
    this.#text = "";
    this.#data.reset(KEEP * 32);
  }
}

/** Strings of which few differ: a dictionary per block and an index per row. */
export class LowCardinalityColumn implements Column {
  readonly type = "LowCardinality(String)";
  readonly #dictionary = new Interner();
  #rows = new Uint32Array(1 << 12);
  #count = 0;
  /** The strings that came last, and their indexes: neighbours mostly have one of a few. */
  readonly #texts: string[] = new Array(RECENT).fill("");
  readonly #indexes = new Int32Array(RECENT);
  #next = 0;
  readonly #out = new Bytes(1 << 12);

  constructor() {
    // Index 0 is the default value by ClickHouse's layout.
    this.#dictionary.internString("");
  }

  get size(): number {
    return this.#count * 2 + this.#dictionary.size;
  }

  get count(): number {
    return this.#count;
  }

  /** Dictionary index of the row that came last. */
  get last(): number {
    return this.#rows[this.#count - 1]!;
  }

  prefix(out: Bytes): void {
    out.u64(LOW_CARDINALITY_VERSION, 0);
  }

  push(index: number): void {
    if (this.#count === this.#rows.length) {
      const grown = new Uint32Array(this.#rows.length * 2);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    this.#rows[this.#count++] = index;
  }

  bytes(src: Uint8Array, start: number, end: number): void {
    this.push(start === end ? 0 : this.#dictionary.intern(src, start, end));
  }

  string(text: string): void {
    if (text === "") {
      this.push(0);
      return;
    }
    const texts = this.#texts;
    // The same text is usually the very same string, which is compared at once.
    for (let i = 0; i < RECENT; i++) {
      if (texts[i] === text) {
        this.push(this.#indexes[i]!);
        return;
      }
    }
    const index = this.#dictionary.internString(text);
    const next = this.#next;
    texts[next] = text;
    this.#indexes[next] = index;
    this.#next = (next + 1) & (RECENT - 1);
    this.push(index);
  }

  /** `rows` empty strings. */
  empty(rows = 1): void {
    for (let i = 0; i < rows; i++) this.push(0);
  }

  /** Dictionary index of a string, for callers that push the same one often. */
  indexOf(text: string): number {
    return this.#dictionary.internString(text);
  }

  chunks(): Uint8Array[] {
    // A column without rows has no data at all, not even a dictionary.
    if (this.#count === 0) return [];
    const keys = this.#dictionary.count;
    const width = keys <= 256 ? 0 : keys <= 65536 ? 1 : 2;
    const out = this.#out;
    out.reset(KEEP);
    out.u64(width | HAS_ADDITIONAL_KEYS, 0);
    out.u64Number(keys);
    const head = out.view();
    const tail = new Bytes(8 + this.#count * (1 << width));
    tail.u64Number(this.#count);
    const rows = this.#rows;
    const n = this.#count;
    if (width === 0) {
      const buf = tail.buf;
      for (let i = 0, at = tail.length; i < n; i++) buf[at++] = rows[i]!;
    } else if (width === 1) {
      const buf = tail.buf;
      for (let i = 0, at = tail.length; i < n; i++) {
        const index = rows[i]!;
        buf[at++] = index;
        buf[at++] = index >>> 8;
      }
    } else {
      for (let i = 0; i < n; i++) tail.u32(rows[i]!);
    }
    tail.length = 8 + n * (1 << width);
    return [Uint8Array.from(head), this.#dictionary.nativeStrings(), tail.view()];
  }

  reset(): void {
    this.#count = 0;
    this.#texts.fill("");
    this.#indexes.fill(0);
    this.#dictionary.reset();
    this.#dictionary.internString("");
  }
}

/** The running end offsets of an Array or Map column, one per row. */
export class Offsets {
  #ends = new Float64Array(1 << 10);
  #rows = 0;
  #total = 0;

  get size(): number {
    return this.#rows * 8;
  }

  /** Ends a row that has `n` elements. */
  row(n: number): void {
    if (this.#rows === this.#ends.length) {
      const grown = new Float64Array(this.#rows * 2);
      grown.set(this.#ends);
      this.#ends = grown;
    }
    this.#total += n;
    this.#ends[this.#rows++] = this.#total;
  }

  /** `rows` rows without elements. */
  empty(rows: number): void {
    for (let i = 0; i < rows; i++) this.row(0);
  }

  /** 64-bit integers, little-endian. */
  chunk(): Uint8Array {
    const words = new Uint32Array(this.#rows * 2);
    for (let i = 0; i < this.#rows; i++) {
      const end = this.#ends[i]!;
      words[i * 2] = end;
      words[i * 2 + 1] = end / 4294967296;
    }
    return new Uint8Array(words.buffer);
  }

  reset(): void {
    this.#rows = 0;
    this.#total = 0;
  }
}

/** `Array(T)`, or each half of a Nested column. */
export class ArrayColumn<T extends Column> implements Column {
  readonly type: string;
  readonly offsets: Offsets;
  readonly items: T;

  /** The columns of a Nested group have their offsets in common. */
  constructor(items: T, offsets = new Offsets()) {
    this.items = items;
    this.offsets = offsets;
    this.type = `Array(${items.type})`;
  }

  get size(): number {
    return this.offsets.size + this.items.size;
  }

  prefix(out: Bytes): void {
    this.items.prefix(out);
  }

  chunks(): Uint8Array[] {
    return [this.offsets.chunk(), ...this.items.chunks()];
  }

  reset(): void {
    this.offsets.reset();
    this.items.reset();
  }
}

/** `Map(LowCardinality(String), String)`: order and duplicate keys are kept. */
export class MapColumn implements Column {
  readonly type = "Map(LowCardinality(String), String)";
  readonly offsets = new Offsets();
  readonly keys = new LowCardinalityColumn();
  readonly values: StringColumn;

  constructor(capacity = 1 << 16) {
    this.values = new StringColumn(capacity);
  }

  get size(): number {
    return this.offsets.size + this.keys.size + this.values.size;
  }

  prefix(out: Bytes): void {
    this.keys.prefix(out);
  }

  chunks(): Uint8Array[] {
    return [this.offsets.chunk(), ...this.keys.chunks(), ...this.values.chunks()];
  }

  reset(): void {
    this.offsets.reset();
    this.keys.reset();
    this.values.reset();
  }
}
