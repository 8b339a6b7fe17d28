import { hashBytes } from "../native/interner.ts";
import { sameBytes, viewOf } from "../native/same-bytes.ts";

const PLACES = 4096;
/** Longer texts are rarely seen twice and would hold memory. */
const MAX_LENGTH = 256;

interface Entry {
  readonly bytes: DataView;
  readonly text: string;
}

/**
 * JavaScript strings for byte ranges. Models, agents, sessions repeat from span to span, and comparing bytes
 * with the last string in the same place is cheaper than decoding them again. Bounded: 4,096 places.
 */
export class TextCache {
  readonly #entries: (Entry | undefined)[] = new Array(PLACES);
  /** The last value of each attribute key, by key id: neighbours mostly agree. */
  readonly #last: (Entry | undefined)[] = [];

  /** The text of an attribute's value; `key` is any small number that stands for the attribute's key. */
  textOf(key: number, src: Buffer, view: DataView, start: number, end: number): string {
    const last = this.#last[key];
    if (last !== undefined && same(last.bytes, view, start, end)) return last.text;
    if (end - start > MAX_LENGTH) return src.toString("utf8", start, end);
    const entry = this.#entry(src, view, start, end);
    this.#last[key] = entry;
    return entry.text;
  }

  text(src: Buffer, view: DataView, start: number, end: number): string {
    if (end - start > MAX_LENGTH) return src.toString("utf8", start, end);
    return this.#entry(src, view, start, end).text;
  }

  #entry(src: Buffer, view: DataView, start: number, end: number): Entry {
    const place = hashBytes(src, start, end) & (PLACES - 1);
    const known = this.#entries[place];
    if (known !== undefined && same(known.bytes, view, start, end)) return known;
    const bytes = new Uint8Array(end - start);
    for (let i = start; i < end; i++) bytes[i - start] = src[i]!;
    const entry = { bytes: viewOf(bytes), text: src.toString("utf8", start, end) };
    this.#entries[place] = entry;
    return entry;
  }
}

function same(known: DataView, src: DataView, start: number, end: number): boolean {
  return known.byteLength === end - start && sameBytes(known, 0, src, start, end - start);
}
