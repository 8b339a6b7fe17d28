/** Spans of some traces, each once; those of trace i from `starts[i]` up to `starts[i + 1]`. */
export interface OrderedRows {
  readonly rows: Uint32Array;
  readonly starts: Uint32Array;
}

/**
 * Where spans stand in a list of the spans of some traces. Each trace has twice as many slots as spans, side by side, so
 * that looking for its spans stays within a small part of the memory.
 */
export class SpanPlaces {
  readonly #list: OrderedRows;
  readonly #spanIds: Uint32Array;
  /** Ids come from outside, and none should be made to collide. */
  readonly #seed = Math.trunc(Math.random() * 2 ** 32);
  /** 0 for none, else the place and one more. */
  readonly #slots: Uint32Array;

  /** `spanIds` has two words for each row. Of several spans with one id the first is found. */
  constructor(list: OrderedRows, spanIds: Uint32Array) {
    this.#list = list;
    this.#spanIds = spanIds;
    this.#slots = new Uint32Array(2 * list.rows.length);
    for (let trace = 0; trace + 1 < list.starts.length; trace++) {
      for (let at = list.starts[trace]!; at < list.starts[trace + 1]!; at++) {
        const row = list.rows[at]!;
        const slot = this.#slotOf(trace, spanIds[2 * row]!, spanIds[2 * row + 1]!);
        if (this.#slots[slot] === 0) this.#slots[slot] = at + 1;
      }
    }
  }

  /** -1 for a span that is not in the trace. */
  find(trace: number, low: number, high: number): number {
    return this.#slots[this.#slotOf(trace, low, high)]! - 1;
  }

  #slotOf(trace: number, low: number, high: number): number {
    const { rows, starts } = this.#list;
    const first = 2 * starts[trace]!;
    const end = 2 * starts[trace + 1]!;
    let hash = Math.imul(this.#seed ^ low, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ high, 0x85ebca6b);
    for (let slot = first + (((hash ^ (hash >>> 13)) >>> 0) % (end - first)); ; slot++) {
      if (slot === end) slot = first;
      const place = this.#slots[slot]!;
      if (place === 0) return slot;
      const row = rows[place - 1]!;
      if (this.#spanIds[2 * row] === low && this.#spanIds[2 * row + 1] === high) return slot;
    }
  }
}
