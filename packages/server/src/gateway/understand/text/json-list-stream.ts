import { asBuffer } from "./read-json.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const MAX_ELEMENT_BYTES = 4 * 1024 * 1024;

/** The elements of a JSON list that comes in pieces, each as soon as it is whole. Keeps no more than one element. */
export class JsonListStream {
  readonly #take: (text: string) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** 1 within the list, 2 and more within an element; an object that stands alone is an element too. */
  #depth = 0;
  #base = 1;
  #isInString = false;
  #isEscaped = false;
  #skips = false;
  tooLong = 0;

  constructor(take: (text: string) => void) {
    this.#take = take;
  }

  push(bytes: Uint8Array): void {
    const buffer = asBuffer(bytes);
    let start = this.#isInElement ? 0 : -1;
    for (let at = 0; at < buffer.length; at++) {
      const byte = buffer[at];
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isInString = false;
      } else if (byte === QUOTE) this.#isInString = true;
      else if (byte === 91 || byte === 123) {
        if (this.#depth === 0) this.#base = byte === 91 ? 1 : 0;
        if (this.#depth++ === this.#base) start = at;
      } else if ((byte === 93 || byte === 125) && this.#depth > 0) {
        if (--this.#depth !== this.#base) continue;
        this.#emit(buffer.subarray(Math.max(start, 0), at + 1));
        start = -1;
      }
    }
    if (start >= 0 && this.#isInElement) this.#hold(buffer.subarray(start));
  }

  get #isInElement(): boolean {
    return this.#depth > this.#base;
  }

  #hold(bytes: Buffer): void {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes <= MAX_ELEMENT_BYTES) this.#held.push(bytes);
    else {
      this.#held = [];
      this.#skips = true;
    }
  }

  #emit(last: Buffer): void {
    this.#hold(last);
    if (this.#skips) this.tooLong++;
    else {
      const whole = this.#held.length === 1 ? last : Buffer.concat(this.#held);
      this.#take(whole.toString());
    }
    this.#held = [];
    this.#heldBytes = 0;
    this.#skips = false;
  }
}
