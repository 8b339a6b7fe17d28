import { Wire } from "../wire.ts";
import { anyValueText, doubleText, int64Text } from "./any-value-text.ts";
import { BytePlaces, MAX_LENGTH } from "./byte-places.ts";

const CODE_I = 105;
const CODE_D = 100;
const CODE_B = 98;
const CODE_N = 110;

/** A value that throws is never remembered. */
const UNREAD = 0;

const PLACES = 1024;

/**
 * Reads AnyValues of any type into a type and a text. What short ones became is remembered: finish reasons,
 * temperatures and flags are the same from span to span. Takes 150 KB.
 */
export class ValueReader {
  /** Of the value read last: a character of `attribute_types`, and the text. */
  code = CODE_N;
  text = "";
  readonly #places = new BytePlaces(PLACES);
  readonly #codes = new Uint8Array(PLACES);
  readonly #texts: string[] = new Array(PLACES).fill("");
  readonly #wire = new Wire();

  /**
   * Reads the value in `buf[start, end)`, which `view` from `wordsOf` shows too; `start` is negative for none.
   * Throws WireError when the value is damaged beyond keeping it as bytes.
   */
  read(buf: Buffer, view: DataView, start: number, end: number): void {
    if (start < 0 || start === end) this.#set(CODE_N, "");
    else if (end - start > MAX_LENGTH) this.#readNew(buf, view, start, end);
    else {
      const place = this.#places.find(view, start, end - start);
      if (this.#places.isNew) this.#codes[place] = UNREAD;
      if (this.#codes[place] === UNREAD) {
        this.#readNew(buf, view, start, end);
        this.#codes[place] = this.code;
        this.#texts[place] = this.text;
      } else this.#set(this.#codes[place]!, this.#texts[place]!);
    }
  }

  #set(code: number, text: string): void {
    this.code = code;
    this.text = text;
  }

  #readNew(buf: Buffer, view: DataView, start: number, end: number): void {
    if (this.#readScalar(buf, view, start, end)) return;
    const value = anyValueText(buf, start, end);
    this.#set(value.code.charCodeAt(0), value.text);
  }

  /** A lone int, double or bool; false for everything else. */
  #readScalar(buf: Buffer, view: DataView, start: number, end: number): boolean {
    const tag = buf[start];
    if (tag === 33) {
      if (end - start !== 9) return false;
      this.#set(CODE_D, doubleText(view.getFloat64(start + 1, true)));
      return true;
    }
    if (tag !== 24 && tag !== 16) return false;
    const wire = this.#wire;
    wire.reset(buf, start + 1);
    wire.varint64(end);
    if (wire.pos !== end) return false;
    if (tag === 24) this.#set(CODE_I, int64Text(wire.hi, wire.lo));
    else this.#set(CODE_B, wire.lo === 0 && wire.hi === 0 ? "false" : "true");
    return true;
  }
}
