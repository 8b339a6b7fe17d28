/** Protobuf by hand, to say what no encoder would. */

export function varint(value: bigint | number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

export function tag(number: number, wireType: number): Buffer {
  return varint(number * 8 + wireType);
}

/** A field with a length: text, bytes or a message. */
export function delimited(number: number, ...payload: (Uint8Array | string)[]): Buffer {
  const bytes = Buffer.concat(payload.map((piece) => Buffer.from(piece as string)));
  return Buffer.concat([tag(number, 2), varint(bytes.length), bytes]);
}

export function fixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return Buffer.concat([tag(number, 1), bytes]);
}

/** The same field as each wire type there is, with a payload that fits the wire type. */
export function asWireType(number: number, wireType: number): Buffer {
  const payload = [varint(300), Buffer.alloc(8, 7), delimitedPayload, Buffer.alloc(0), Buffer.alloc(0)];
  return Buffer.concat([tag(number, wireType), payload[wireType] ?? Buffer.alloc(4, 7)]);
}

const delimitedPayload = Buffer.concat([varint(5), Buffer.from("bytes")]);

/** A KeyValue whose value is the given AnyValue. */
export function keyValue(key: Uint8Array | string, value: Uint8Array): Buffer {
  return Buffer.concat([delimited(1, key), delimited(2, value)]);
}

export function textValue(text: Uint8Array | string): Buffer {
  return delimited(1, text);
}

/** An AnyValue of arrays inside each other. */
export function deepValue(depth: number): Buffer {
  // From the inside out every level only adds a head, so heads are kept apart until the end.
  const heads: Buffer[] = [];
  let length = 3;
  for (let level = 0; level < depth; level++) {
    const inner = Buffer.concat([tag(1, 2), varint(length)]);
    const outer = Buffer.concat([tag(5, 2), varint(length + inner.length)]);
    heads.push(inner, outer);
    length += inner.length + outer.length;
  }
  return Buffer.concat([...heads.reverse(), textValue("x")]);
}
