import type { Signal } from "../signal.ts";
import type { Field, Message } from "./descriptor.ts";
import type { AnyValue, InstrumentationScope, OtlpData, Resource, Span } from "./model.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";
import { ANY_VALUE, MAX_VALUE_DEPTH, REQUESTS, RESOURCE, SCOPE, SPAN } from "./schema.ts";

/** A message of the model whose keys are not known at compile time. */
type Plain = Readonly<Record<string, unknown>>;

/**
 * Writes `Export<Signal>ServiceRequest`: fields in the order of their numbers, numbers packed, defaults left
 * out unless they carry presence. Throws RangeError for values nested deeper than `MAX_VALUE_DEPTH`.
 */
export function encodeOtlp<S extends Signal>(signal: S, data: OtlpData[S]): Uint8Array<ArrayBuffer> {
  return encodeMessage(REQUESTS[signal], data);
}

export function encodeAnyValue(value: AnyValue): Uint8Array<ArrayBuffer> {
  return encodeMessage(ANY_VALUE, value);
}

export function encodeResource(resource: Resource): Uint8Array<ArrayBuffer> {
  return encodeMessage(RESOURCE, resource);
}

export function encodeScope(scope: InstrumentationScope): Uint8Array<ArrayBuffer> {
  return encodeMessage(SCOPE, scope);
}

/**
 * Writes a span as an element of `ScopeSpans.spans`, before what the writer has. Where it throws, RangeError for
 * values too deep and TypeError for ids that are no hex, the writer is as it was.
 */
export function writeSpan(writer: ProtobufWriter, span: Span): void {
  const before = writer.written;
  try {
    writeFields(writer, SPAN, span as Plain, 0);
  } catch (error) {
    writer.rewind(before);
    throw error;
  }
  writer.varint(writer.written - before);
  writer.varint(0x12);
}

/** Writes any message that has a table. */
export function encodeMessage(message: Message, value: object): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter();
  writeFields(writer, message, value as Plain, 0);
  return writer.finish();
}

/** Last field first, as the writer goes. `depth` is the number of AnyValues around this message. */
function writeFields(writer: ProtobufWriter, message: Message, from: Plain, depth: number): void {
  const inner = message === ANY_VALUE ? depth + 1 : depth;
  if (inner > MAX_VALUE_DEPTH) throw new RangeError(`Values nested deeper than ${MAX_VALUE_DEPTH}`);
  const { fields } = message;
  for (let index = fields.length - 1; index >= 0; index -= 1) {
    const field = fields[index]!;
    const value = from[field.name];
    if (value === undefined) continue;
    if (field.repeated) writeList(writer, field, value as readonly unknown[], inner);
    else if (field.explicit || !Object.is(value, field.zero)) writeOne(writer, field, value, inner);
  }
}

function writeList(writer: ProtobufWriter, field: Field, list: readonly unknown[], depth: number): void {
  if (field.wireType === 2) {
    for (let index = list.length - 1; index >= 0; index -= 1) writeOne(writer, field, list[index], depth);
    return;
  }
  if (list.length === 0) return;
  const before = writer.written;
  for (let index = list.length - 1; index >= 0; index -= 1) writeNumber(writer, field, list[index]);
  writer.varint(writer.written - before);
  writer.varint(field.tag);
}

function writeOne(writer: ProtobufWriter, field: Field, value: unknown, depth: number): void {
  if (field.wireType === 2) {
    const before = writer.written;
    if (field.message !== undefined) writeFields(writer, field.message, value as Plain, depth);
    else if (field.type === "string") writer.string(value as string);
    else if (field.type === "id") writer.hex(value as string);
    else writer.base64(value as string);
    writer.varint(writer.written - before);
  } else {
    writeNumber(writer, field, value);
  }
  writer.varint(field.tag);
}

function writeNumber(writer: ProtobufWriter, field: Field, value: unknown): void {
  switch (field.type) {
    case "fixed64":
    case "sfixed64":
      writer.fixed64(value as string);
      break;
    case "double":
      writer.double(Number(value));
      break;
    case "fixed32":
      writer.fixed32(value as number);
      break;
    case "int64":
    case "uint64":
      writer.varint64(value as string);
      break;
    case "uint32":
      writer.varint(value as number);
      break;
    case "int32":
    case "enum":
      if ((value as number) >= 0) writer.varint(value as number);
      else writer.varint64(String(value));
      break;
    case "sint32":
      writer.varint((((value as number) << 1) ^ ((value as number) >> 31)) >>> 0);
      break;
    case "bool":
      writer.varint(value === true ? 1 : 0);
      break;
    default:
      throw new TypeError(`${field.name} is no number`);
  }
}
