import { bytesToHex } from "../ids.ts";
import type { Signal } from "../signal.ts";
import { encodeBase64 } from "./base64.ts";
import type { Field, Message } from "./descriptor.ts";
import type { AnyValue, InstrumentationScope, OtlpData, Resource } from "./model.ts";
import { MalformedProtobuf, ProtobufReader } from "./protobuf-reader.ts";
import { ANY_VALUE, MAX_VALUE_DEPTH, REQUESTS, RESOURCE, SCOPE } from "./schema.ts";

/** A message of the model whose keys are not known at compile time. */
type Plain = Record<string, unknown>;

/**
 * Reads the bytes of `Export<Signal>ServiceRequest`, or of `TracesData` and its siblings.
 *
 * Unknown fields, and known ones with another wire type, are skipped as protobuf prescribes; scalars may be
 * packed or not; a message sent in parts is merged. Throws `MalformedProtobuf`.
 */
export function decodeOtlp<S extends Signal>(signal: S, bytes: Uint8Array): OtlpData[S] {
  return decodeMessage(REQUESTS[signal], bytes) as OtlpData[S];
}

export function decodeAnyValue(bytes: Uint8Array): AnyValue {
  return decodeMessage(ANY_VALUE, bytes);
}

export function decodeResource(bytes: Uint8Array): Resource {
  return decodeMessage(RESOURCE, bytes);
}

export function decodeScope(bytes: Uint8Array): InstrumentationScope {
  return decodeMessage(SCOPE, bytes);
}

/** Reads any message that has a table. */
export function decodeMessage(message: Message, bytes: Uint8Array): Plain {
  const into: Plain = {};
  readFields(new ProtobufReader(bytes), message, into, 0);
  return into;
}

/** `depth` is the number of AnyValues around this message. */
function readFields(reader: ProtobufReader, message: Message, into: Plain, depth: number): void {
  const inner = message === ANY_VALUE ? depth + 1 : depth;
  if (inner > MAX_VALUE_DEPTH) {
    throw new MalformedProtobuf(reader.position, `values nested at most ${MAX_VALUE_DEPTH} deep`);
  }
  while (reader.position < reader.end) {
    const tag = reader.tag();
    const wireType = tag & 7;
    const field = message.byNumber[tag >>> 3];
    if (field !== undefined && wireType === field.wireType) readField(reader, field, into, inner);
    else if (field?.repeated && wireType === 2) readPacked(reader, field, into);
    else reader.skip(wireType);
  }
}

function readField(reader: ProtobufReader, field: Field, into: Plain, depth: number): void {
  const { name } = field;
  const before = into[name];
  if (field.message !== undefined) {
    if (field.repeated) {
      const item: Plain = {};
      append(into, name, item);
      readNested(reader, field.message, item, depth);
      return;
    }
    const nested = (before ?? {}) as Plain;
    if (field.rivals.length > 0) clearRivals(field, into);
    into[name] = nested;
    readNested(reader, field.message, nested, depth);
    return;
  }
  const value = readScalar(reader, field);
  if (field.repeated) append(into, name, value);
  else if (field.explicit || !Object.is(value, field.zero)) {
    if (field.rivals.length > 0) clearRivals(field, into);
    into[name] = value;
  } else if (before !== undefined) delete into[name];
}

function readNested(reader: ProtobufReader, message: Message, into: Plain, depth: number): void {
  const { end } = reader;
  reader.end = reader.delimited();
  readFields(reader, message, into, depth);
  reader.end = end;
}

function readPacked(reader: ProtobufReader, field: Field, into: Plain): void {
  const { end } = reader;
  reader.end = reader.delimited();
  while (reader.position < reader.end) append(into, field.name, readScalar(reader, field));
  reader.end = end;
}

function append(into: Plain, name: string, value: unknown): void {
  const list = into[name];
  if (list === undefined) into[name] = [value];
  else (list as unknown[]).push(value);
}

function clearRivals(field: Field, into: Plain): void {
  for (const rival of field.rivals) if (into[rival] !== undefined) delete into[rival];
}

function readScalar(reader: ProtobufReader, field: Field): unknown {
  switch (field.type) {
    case "string":
      return reader.string();
    case "id":
      return bytesToHex(reader.bytes, ...readRange(reader));
    case "bytes":
      return encodeBase64(reader.bytes, ...readRange(reader));
    case "fixed64":
      return reader.fixed64();
    case "sfixed64":
      return reader.sfixed64();
    case "double":
      return doubleJson(reader.double());
    case "fixed32":
      return reader.fixed32();
    case "int64":
      return reader.int64(reader.varint());
    case "uint64":
      return reader.uint64(reader.varint());
    case "uint32":
      return reader.varint();
    case "int32":
    case "enum":
      return reader.varint() | 0;
    case "sint32": {
      const zigzag = reader.varint();
      return (zigzag >>> 1) ^ -(zigzag & 1);
    }
    case "bool":
      return reader.varint() !== 0 || reader.high !== 0;
    case "message":
      throw new TypeError(`${field.name} is a message`);
  }
}

function readRange(reader: ProtobufReader): [start: number, end: number] {
  const end = reader.delimited();
  const start = reader.position;
  reader.position = end;
  return [start, end];
}

function doubleJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
