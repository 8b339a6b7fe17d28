const FIRST_CAPACITY = 1 << 12;

/** One open-addressing table of 64-bit keys, half full at most. */
class Table {
  #cells = new Int32Array(FIRST_CAPACITY * 2);
  #mask = FIRST_CAPACITY - 1;
  count = 0;

  has(lo: number, hi: number): boolean {
    const cells = this.#cells;
    for (let slot = lo & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * 2;
      if (cells[at] === lo && cells[at + 1] === hi) return true;
      if (cells[at] === 0 && cells[at + 1] === 0) return false;
    }
  }

  add(lo: number, hi: number): void {
    if (this.count * 2 >= this.#mask) this.#grow();
    this.#place(lo, hi);
    this.count++;
  }

  #place(lo: number, hi: number): void {
    const cells = this.#cells;
    let slot = lo & this.#mask;
    while (cells[slot * 2] !== 0 || cells[slot * 2 + 1] !== 0) slot = (slot + 1) & this.#mask;
    cells[slot * 2] = lo;
    cells[slot * 2 + 1] = hi;
  }

  #grow(): void {
    const old = this.#cells;
    this.#cells = new Int32Array(old.length * 2);
    this.#mask = this.#cells.length / 2 - 1;
    for (let at = 0; at < old.length; at += 2) {
      const lo = old[at]!;
      const hi = old[at + 1]!;
      if (lo !== 0 || hi !== 0) this.#place(lo, hi);
    }
  }
}

/**
 * The last one to two times `generation` keys that were added; memory is 32 bytes a key at most, taken as
 * needed. Keys are well-mixed 64-bit hashes, so that two different things are taken for one about once in
 * 10^7 windows of a million.
 */
export class RecentKeys {
  readonly #generation: number;
  #current = new Table();
  #previous = new Table();

  constructor(generation: number) {
    this.#generation = generation;
  }

  has(lo: number, hi: number): boolean {
    return this.#current.has(lo, hi) || (this.#previous.count > 0 && this.#previous.has(lo, hi));
  }

  /** True when the key is new; it is known from then on. */
  add(lo: number, hi: number): boolean {
    if (this.has(lo, hi)) return false;
    if (this.#current.count >= this.#generation) {
      this.#previous = this.#current;
      this.#current = new Table();
    }
    this.#current.add(lo, hi);
    return true;
  }
}

/** Mixes 32-bit words into a 64-bit key, left in `lo` and `hi`; never both zero. */
export class KeyHash {
  lo = 0;
  hi = 0;

  begin(): void {
    this.lo = 0x243f6a88;
    this.hi = 0x85a308d3;
  }

  /** `length` bytes, a multiple of four, from `at`. */
  bytes(view: DataView, at: number, length: number): void {
    let lo = this.lo;
    let hi = this.hi;
    const end = at + length;
    for (let i = at; i < end; i += 4) {
      const word = view.getInt32(i, true);
      lo = Math.imul(lo ^ word, 0x9e3779b1);
      lo ^= lo >>> 15;
      hi = Math.imul(hi ^ word, 0x85ebca77) + lo;
      hi ^= hi >>> 13;
    }
    this.lo = lo | 0;
    this.hi = hi | 0;
  }

  finish(): void {
    this.lo = Math.imul(this.lo ^ (this.lo >>> 16), 0x7feb352d) | 0;
    this.hi = Math.imul(this.hi ^ (this.hi >>> 16), 0x846ca68b) | 0;
    if (this.lo === 0 && this.hi === 0) this.hi = 1;
  }
}
