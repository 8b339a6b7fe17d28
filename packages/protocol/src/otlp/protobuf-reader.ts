/** Bytes that are no protobuf message, or one nested deeper than is read. */
export class MalformedProtobuf extends Error {
  override readonly name = "MalformedProtobuf";
  /** Where in the bytes handed over the fault was found. */
  readonly offset: number;
  /** What should have been there, as a phrase. */
  readonly expected: string;

  constructor(offset: number, expected: string) {
    super(`Malformed protobuf at byte ${offset}: expected ${expected}`);
    this.offset = offset;
    this.expected = expected;
  }
}

const MAX_FIELD_NUMBER = 2 ** 29 - 1;

/** Below this many bytes a loop is faster than a TextDecoder. */
const SHORT_TEXT = 24;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A cursor over protobuf bytes. Every method moves it, and throws `MalformedProtobuf` rather than pass `end`. */
export class ProtobufReader {
  readonly bytes: Uint8Array;
  position = 0;
  /** End of the message being read; enclosing messages go on behind it. */
  end: number;
  /** High 32 bits, unsigned, of the varint read last. */
  high = 0;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Low 32 bits, unsigned, of a varint; bits past the 64th are dropped, as protobuf does. */
  varint(): number {
    const { bytes, end } = this;
    let low = 0;
    this.high = 0;
    const start = this.position;
    for (let index = 0; index < 10; index += 1) {
      if (this.position >= end) throw new MalformedProtobuf(this.position, "the rest of a varint");
      const byte = bytes[this.position]!;
      this.position += 1;
      const bits = byte & 127;
      const shift = index * 7;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) this.high = bits >> 4;
      else if (shift > 28) this.high |= bits << (shift - 32);
      if (byte < 128) {
        this.high >>>= 0;
        return low >>> 0;
      }
    }
    throw new MalformedProtobuf(start, "a varint of at most 10 bytes");
  }

  /** A field's number times eight plus its wire type. */
  tag(): number {
    const start = this.position;
    const tag = this.varint();
    const number = tag >>> 3;
    if (number === 0 || this.high !== 0) {
      throw new MalformedProtobuf(start, `a field number from 1 to ${MAX_FIELD_NUMBER}`);
    }
    const wireType = tag & 7;
    if (wireType !== 0 && wireType !== 1 && wireType !== 2 && wireType !== 5) {
      const came = wireType === 3 || wireType === 4 ? "a group" : `wire type ${wireType}`;
      throw new MalformedProtobuf(start, `wire type 0, 1, 2 or 5 for field ${number}, not ${came}`);
    }
    return tag;
  }

  /** End of the length-delimited value that starts at the position afterwards. */
  delimited(): number {
    const start = this.position;
    const length = this.varint();
    const left = this.end - this.position;
    if (this.high !== 0 || length > left) {
      throw new MalformedProtobuf(start, `a length of at most the ${left} bytes that are left`);
    }
    return this.position + length;
  }

  skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 2) this.position = this.delimited();
    else this.#advance(wireType === 1 ? 8 : 4);
  }

  fixed32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** Decimal text. */
  fixed64(): string {
    const at = this.#advance(8);
    return unsignedText(this.#view.getUint32(at, true), this.#view.getUint32(at + 4, true));
  }

  /** Decimal text. */
  sfixed64(): string {
    const at = this.#advance(8);
    return signedText(this.#view.getUint32(at, true), this.#view.getUint32(at + 4, true));
  }

  double(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  /** Decimal text of the varint read last, whose low bits are given. */
  int64(low: number): string {
    return signedText(low, this.high);
  }

  /** Decimal text of the varint read last, whose low bits are given. */
  uint64(low: number): string {
    return unsignedText(low, this.high);
  }

  /** Invalid UTF-8 becomes U+FFFD. */
  string(): string {
    const end = this.delimited();
    const start = this.position;
    this.position = end;
    const { bytes } = this;
    if (end - start > SHORT_TEXT) return decoder.decode(bytes.subarray(start, end));
    const codes: number[] = [];
    for (let index = start; index < end; index += 1) {
      const byte = bytes[index]!;
      if (byte > 127) return decoder.decode(bytes.subarray(start, end));
      codes.push(byte);
    }
    return String.fromCharCode.apply(null, codes);
  }

  /** Moves on and returns where it was. */
  #advance(size: number): number {
    const at = this.position;
    if (this.end - at < size)
      throw new MalformedProtobuf(at, `${size} bytes, not the ${this.end - at} that are left`);
    this.position = at + size;
    return at;
  }
}

const SAFE_HIGH = 2 ** 21;

function unsignedText(low: number, high: number): string {
  if (high < SAFE_HIGH) return String(high * 2 ** 32 + low);
  return String((BigInt(high) << 32n) | BigInt(low));
}

function signedText(low: number, high: number): string {
  const signed = high | 0;
  if (signed >= -SAFE_HIGH && signed < SAFE_HIGH) return String(signed * 2 ** 32 + low);
  return String((BigInt(signed) << 32n) | BigInt(low));
}
