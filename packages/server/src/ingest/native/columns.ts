import { Bytes } from "./bytes.ts";
import { Interner } from "./interner.ts";

/** ClickHouse LowCardinality serialization: 1 is the only version of the shared dictionary layout. */
const LOW_CARDINALITY_VERSION = 1;
const HAS_ADDITIONAL_KEYS = 1 << 9;
const KEEP = 1 << 20;

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
  readonly data: Bytes;
  readonly type: string;

  constructor(type: string, capacity = 1 << 16) {
    this.type = type;
    this.data = new Bytes(capacity);
  }

  get size(): number {
    return this.data.length;
  }

  prefix(): void {}

  chunks(): Uint8Array[] {
    return [this.data.view()];
  }

  reset(): void {
    this.data.reset(KEEP * 4);
  }
}

/** Variable-length strings of any bytes. */
export class StringColumn implements Column {
  readonly type = "String";
  readonly data: Bytes;

  constructor(capacity = 1 << 16) {
    this.data = new Bytes(capacity);
  }

  get size(): number {
    return this.data.length;
  }

  prefix(): void {}

  chunks(): Uint8Array[] {
    return [this.data.view()];
  }

  reset(): void {
    this.data.reset(KEEP * 32);
  }
}

/** Strings of which few differ: a dictionary per block and an index per row. */
export class LowCardinalityColumn implements Column {
  readonly type = "LowCardinality(String)";
  readonly #dictionary = new Interner();
  #rows = new Uint32Array(1 << 12);
  #count = 0;
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
    this.push(text === "" ? 0 : this.#dictionary.internString(text));
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
    this.#dictionary.reset();
    this.#dictionary.internString("");
  }
}

/** The running end offsets of an Array or Map column, one per row. */
export class Offsets {
  readonly data = new Bytes(1 << 12);
  total = 0;

  /** Ends a row that has `n` elements. */
  row(n: number): void {
    this.total += n;
    this.data.u64Number(this.total);
  }

  reset(): void {
    this.data.reset(KEEP);
    this.total = 0;
  }
}

/** `Array(T)`, or each half of a Nested column. */
export class ArrayColumn<T extends Column> implements Column {
  readonly type: string;
  readonly offsets = new Offsets();
  readonly items: T;

  constructor(items: T) {
    this.items = items;
    this.type = `Array(${items.type})`;
  }

  get size(): number {
    return this.offsets.data.length + this.items.size;
  }

  prefix(out: Bytes): void {
    this.items.prefix(out);
  }

  chunks(): Uint8Array[] {
    return [this.offsets.data.view(), ...this.items.chunks()];
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
    return this.offsets.data.length + this.keys.size + this.values.size;
  }

  prefix(out: Bytes): void {
    this.keys.prefix(out);
  }

  chunks(): Uint8Array[] {
    return [this.offsets.data.view(), ...this.keys.chunks(), ...this.values.chunks()];
  }

  reset(): void {
    this.offsets.reset();
    this.keys.reset();
    this.values.reset();
  }
}
