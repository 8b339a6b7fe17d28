/** The bytes end or bend where protobuf says they can't. */
export class WireError extends Error {
  override readonly name = "WireError";
  /** Byte offset within the message at which reading stopped. */
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`${what} at byte ${offset}`);
    this.offset = offset;
  }
}

/** Protobuf wire types (encoding specification, "Message structure"). */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/**
 * A cursor over protobuf bytes that allocates nothing. One object is re-used for millions of messages, so
 * its fields are public and its callers keep the ends of nested messages themselves.
 */
export class Wire {
  buf: Buffer = Buffer.alloc(0);
  pos = 0;
  /** High and low half of the last `varint64`. */
  hi = 0;
  lo = 0;

  reset(buf: Buffer, pos: number): void {
    this.buf = buf;
    this.pos = pos;
  }

  /** A tag or a length: at most 32 bits matter; longer ones throw, for no message is that large. */
  varint32(end: number): number {
    const buf = this.buf;
    let pos = this.pos;
    if (pos >= end) throw new WireError("truncated varint", pos);
    let byte = buf[pos++]!;
    if (byte < 128) {
      this.pos = pos;
      return byte;
    }
    let value = byte & 127;
    let shift = 7;
    for (;;) {
      if (pos >= end) throw new WireError("truncated varint", pos);
      byte = buf[pos++]!;
      if (shift < 28) value |= (byte & 127) << shift;
      else if (shift === 28 && (byte & 127) < 16) value = (value | ((byte & 127) << 28)) >>> 0;
      else if ((byte & 127) !== 0) throw new WireError("varint too large", pos);
      if (byte < 128) break;
      shift += 7;
      if (shift > 63) throw new WireError("varint longer than 10 bytes", pos);
    }
    this.pos = pos;
    return value;
  }

  /** Any 64-bit varint, left in `hi` and `lo` as unsigned halves. */
  varint64(end: number): void {
    const buf = this.buf;
    let pos = this.pos;
    let lo = 0;
    let hi = 0;
    for (let shift = 0; ; shift += 7) {
      if (pos >= end) throw new WireError("truncated varint", pos);
      if (shift > 63) throw new WireError("varint longer than 10 bytes", pos);
      const byte = buf[pos++]!;
      const bits = byte & 127;
      if (shift < 28) lo |= bits << shift;
      else if (shift === 28) {
        lo |= bits << 28;
        hi = bits >>> 4;
      } else hi |= bits << (shift - 32);
      if (byte < 128) break;
    }
    this.lo = lo >>> 0;
    this.hi = hi >>> 0;
    this.pos = pos;
  }

  /** Reads a length and returns where the field it announces ends; `pos` is then its first byte. */
  enter(end: number): number {
    const length = this.varint32(end);
    const fieldEnd = this.pos + length;
    if (fieldEnd > end) {
      throw new WireError(`field of ${length} bytes in a message that has ${end - this.pos} left`, this.pos);
    }
    return fieldEnd;
  }

  /** Passes over a field of the given wire type without looking into it. */
  skip(wireType: number, end: number): void {
    if (wireType === BYTES) this.pos = this.enter(end);
    else if (wireType === VARINT) this.varint64(end);
    else {
      const width = wireType === FIXED64 ? 8 : wireType === FIXED32 ? 4 : 0;
      if (width === 0) throw new WireError(`wire type ${wireType}`, this.pos);
      if (this.pos + width > end) throw new WireError("truncated fixed-width field", this.pos);
      this.pos += width;
    }
  }

  /** The tag of the next field; field number 0 throws. */
  tag(end: number): number {
    const tag = this.varint32(end);
    if (tag < 8) throw new WireError("field number 0", this.pos);
    return tag;
  }

  /** Passes over eight bytes and returns where they begin. */
  fixed64(end: number): number {
    const at = this.pos;
    if (at + 8 > end) throw new WireError("truncated fixed64", at);
    this.pos = at + 8;
    return at;
  }

  fixed32(end: number): number {
    const at = this.pos;
    if (at + 4 > end) throw new WireError("truncated fixed32", at);
    this.pos = at + 4;
    return this.buf.readUInt32LE(at);
  }
}

/** True when `length` bytes from `at` are all zero. */
export function allZero(buf: Buffer, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (buf[i] !== 0) return false;
  return true;
}
