import { hashBytes } from "../native/interner.ts";

const SLOTS = 4096;
/** Longer texts are rarely seen twice and would hold memory. */
const MAX_LENGTH = 256;

/**
 * JavaScript strings for byte ranges. Models, agents, sessions repeat from span to span, and comparing bytes
 * with the last string in the same place is cheaper than decoding them again. Bounded: 4,096 places.
 */
export class TextCache {
  readonly #bytes: (Buffer | undefined)[] = new Array(SLOTS);
  readonly #texts: string[] = new Array(SLOTS);

  text(src: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return "";
    if (length > MAX_LENGTH) return src.toString("utf8", start, end);
    const slot = hashBytes(src, start, end) & (SLOTS - 1);
    const known = this.#bytes[slot];
    if (known !== undefined && known.length === length) {
      let i = 0;
      while (i < length && known[i] === src[start + i]) i++;
      if (i === length) return this.#texts[slot]!;
    }
    const bytes = Buffer.from(src.subarray(start, end));
    const text = bytes.toString("utf8");
    this.#bytes[slot] = bytes;
    this.#texts[slot] = text;
    return text;
  }
}
