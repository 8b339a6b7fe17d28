import type { ProtobufWriter } from "@clew/protocol/otlp/protobuf-writer";

/** Nesting that is kept; what is deeper, a cycle for example, becomes an empty value. */
const MAX_DEPTH = 20;

/** Writes a repeated KeyValue field, back to front. */
export function writeAttributes(
  writer: ProtobufWriter,
  tag: number,
  attributes: Readonly<Record<string, unknown>> | undefined,
  depth = 0,
): void {
  if (attributes === undefined || attributes === null) return;
  const keys = Object.keys(attributes);
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const key = keys[index]!;
    const value = attributes[key];
    if (value === undefined) continue;
    const before = writer.written;
    writeValue(writer, 18, value, depth);
    writeText(writer, 10, key);
    writer.varint(writer.written - before);
    writer.varint(tag);
  }
}

/** Writes an AnyValue field. */
export function writeValue(writer: ProtobufWriter, tag: number, value: unknown, depth = 0): void {
  const before = writer.written;
  switch (typeof value) {
    case "string":
      writeText(writer, 10, value);
      break;
    case "boolean":
      writer.varint(value ? 1 : 0);
      writer.varint(16);
      break;
    case "number":
      writeNumber(writer, value);
      break;
    case "bigint":
      writeText(writer, 10, String(value));
      break;
    case "object":
      if (value !== null && depth < MAX_DEPTH) writeObject(writer, value, depth);
      break;
  }
  writer.varint(writer.written - before);
  writer.varint(tag);
}

export function writeText(writer: ProtobufWriter, tag: number, text: string): void {
  const before = writer.written;
  writer.string(text);
  writer.varint(writer.written - before);
  writer.varint(tag);
}

function writeNumber(writer: ProtobufWriter, value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    writer.double(value);
    writer.varint(33);
    return;
  }
  if (value >= 0) writer.varint(value);
  else writer.varint64(String(value));
  writer.varint(24);
}

function writeObject(writer: ProtobufWriter, value: object, depth: number): void {
  const before = writer.written;
  let tag = 50;
  if (Array.isArray(value)) {
    for (let index = value.length - 1; index >= 0; index -= 1) {
      writeValue(writer, 10, value[index], depth + 1);
    }
    tag = 42;
  } else if (value instanceof Uint8Array) {
    writer.raw(value);
    tag = 58;
  } else {
    writeAttributes(writer, 10, value as Record<string, unknown>, depth + 1);
  }
  writer.varint(writer.written - before);
  writer.varint(tag);
}

const TWO_32 = 2 ** 32;

/**
 * Writes a fixed64 field of nanoseconds since the epoch. Seconds are split so that no step leaves what a
 * double holds exactly: BigInt costs ten times as much.
 */
export function writeTime(writer: ProtobufWriter, tag: number, time: readonly [number, number]): void {
  const [seconds, nanoseconds] = time;
  const upper = Math.floor(seconds / 65536) * 1e9;
  const lower = (seconds % 65536) * 1e9 + nanoseconds;
  const low = (upper % 65536) * 65536 + (lower % TWO_32);
  const high = Math.floor(upper / 65536) + Math.floor(lower / TWO_32) + Math.floor(low / TWO_32);
  writer.fixed64Halves(high >>> 0, low >>> 0);
  writer.varint(tag);
}
