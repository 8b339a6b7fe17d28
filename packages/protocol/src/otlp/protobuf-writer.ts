import { writeHex } from "../ids.ts";
import { decodeBase64 } from "./base64.ts";

const encoder = new TextEncoder();

/** Below this many characters a loop is faster than a TextEncoder. */
const SHORT_TEXT = 48;

/**
 * Writes protobuf back to front, so that the length of a message is known when it is written:
 *
 *     free ...... | next thing written | things written before |
 *                 ^ position                                   ^ end of the buffer
 */
export class ProtobufWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #position: number;

  constructor(sizeBytes = 256) {
    this.#bytes = new Uint8Array(sizeBytes);
    this.#view = new DataView(this.#bytes.buffer);
    this.#position = sizeBytes;
  }

  /** Bytes written so far. */
  get written(): number {
    return this.#bytes.length - this.#position;
  }

  /** What is written, without the free part; ends the writing. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(this.#position);
  }

  /** What is written, as a view that the next writing may overwrite. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(this.#position);
  }

  /** Takes back everything written after the first `written` bytes. */
  rewind(written: number): void {
    this.#position = this.#bytes.length - written;
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    let size = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
    let at = this.#take(size);
    let rest = value;
    for (; rest >= 2 ** 31; rest = Math.floor(rest / 128)) this.#bytes[at++] = (rest % 128) | 128;
    for (; rest >= 128; rest >>= 7) this.#bytes[at++] = (rest & 127) | 128;
    this.#bytes[at] = rest;
  }

  /** Any 64-bit integer, negative ones in ten bytes. */
  varint64(text: string): void {
    if (text.length < 16) {
      const number = Number(text);
      if (number >= 0) {
        this.varint(number);
        return;
      }
    }
    const value = BigInt.asUintN(64, BigInt(text));
    let size = 1;
    for (let rest = value >> 7n; rest > 0n; rest >>= 7n) size += 1;
    const at = this.#take(size);
    let rest = value;
    for (let index = 0; index < size; index += 1, rest >>= 7n) {
      this.#bytes[at + index] = Number(rest & 127n) | (index + 1 < size ? 128 : 0);
    }
  }

  fixed32(value: number): void {
    const at = this.#take(4);
    this.#view.setUint32(at, value, true);
  }

  /** Any 64-bit integer. */
  fixed64(text: string): void {
    const at = this.#take(8);
    this.#view.setBigUint64(at, BigInt(text), true);
  }

  /** The 64-bit integer `high * 2^32 + low`, both from 0 to 2^32 - 1. */
  fixed64Halves(high: number, low: number): void {
    const at = this.#take(8);
    this.#view.setUint32(at, low, true);
    this.#view.setUint32(at + 4, high, true);
  }

  double(value: number): void {
    const at = this.#take(8);
    this.#view.setFloat64(at, value, true);
  }

  /** Lone surrogates become U+FFFD. */
  string(text: string): void {
    const { length } = text;
    if (length > SHORT_TEXT || !this.#ascii(text)) {
      const room = length * 3;
      const at = this.#take(room);
      const { written } = encoder.encodeInto(text, this.#bytes.subarray(at, at + room));
      this.#bytes.copyWithin(at + room - written, at, at + written);
      this.#position = at + room - written;
    }
  }

  /** Throws TypeError for what is no hex. */
  hex(text: string): void {
    const at = this.#take(text.length >> 1);
    if (!writeHex(text, this.#bytes, at)) throw new TypeError(`Not hex: ${text}`);
  }

  /** Throws TypeError for what is no base64. */
  base64(text: string): void {
    const bytes = decodeBase64(text);
    if (bytes === undefined) throw new TypeError(`Not base64: ${text}`);
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Writes nothing and says false when a character is not ASCII. */
  #ascii(text: string): boolean {
    const { length } = text;
    const at = this.#take(length);
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 127) {
        this.#position = at + length;
        return false;
      }
      this.#bytes[at + index] = code;
    }
    return true;
  }

  /** Moves the position back by `size` bytes. Where there is no room, `#bytes` and `#view` are larger ones then. */
  #take(size: number): number {
    if (this.#position < size) this.#grow(size);
    this.#position -= size;
    return this.#position;
  }

  #grow(size: number): void {
    const { written } = this;
    const length = Math.max(this.#bytes.length * 2, written + size);
    const bytes = new Uint8Array(length);
    bytes.set(this.#bytes.subarray(this.#position), length - written);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
    this.#position = length - written;
  }
}
