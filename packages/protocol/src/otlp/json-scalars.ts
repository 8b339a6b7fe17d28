import { bytesToHex, hexToBytes } from "../ids.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import type { Field } from "./descriptor.ts";

/** Returned for a value that does not fit: the phrase says what would. */
export class Mismatch {
  readonly expected: string;

  constructor(expected: string) {
    this.expected = expected;
  }
}

type Scalar = string | number | boolean;

/** The model's value of a JSON value that is not null, leniently where there is only one way to understand it. */
export function readJsonScalar(field: Field, value: unknown): Scalar | Mismatch {
  switch (field.type) {
    case "string":
      return readText(value);
    case "bool":
      return readBoolean(value);
    case "double":
      return readDouble(value);
    case "int64":
    case "sfixed64":
      return readInt64(value, -(2n ** 63n), 2n ** 63n - 1n);
    case "uint64":
    case "fixed64":
      return readInt64(value, 0n, 2n ** 64n - 1n);
    case "uint32":
    case "fixed32":
      return readInt32(value, 0, 2 ** 32 - 1);
    case "int32":
    case "sint32":
      return readInt32(value, -(2 ** 31), 2 ** 31 - 1);
    case "enum":
      return readEnum(value, field.names);
    case "bytes":
      return readBytes(value);
    case "id":
      return readId(field.name, value);
    case "message":
      throw new TypeError(`${field.name} is a message`);
  }
}

function readText(value: unknown): string | Mismatch {
  if (typeof value === "string") return value;
  return typeof value === "object" ? new Mismatch("a text") : String(value);
}

function readBoolean(value: unknown): boolean | Mismatch {
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  return value === "false" ? false : new Mismatch("true or false");
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function readDouble(value: unknown): number | string | Mismatch {
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return value;
  const isNumeric = typeof value === "number" || typeof value === "bigint";
  if (!isNumeric && !(typeof value === "string" && DECIMAL.test(value))) {
    return new Mismatch('a number, "NaN", "Infinity" or "-Infinity"');
  }
  const number = Number(value);
  return Number.isFinite(number) ? number : String(number);
}

/** What `String(BigInt(text))` gives back unchanged and any 64-bit type holds. */
const PLAIN_INTEGER = /^(0|[1-9]\d{0,17})$/;
const INTEGER = /^-?\d{1,60}$/;

function readInt64(value: unknown, least: bigint, greatest: bigint): string | Mismatch {
  if (typeof value === "string" && PLAIN_INTEGER.test(value)) return value;
  const whole =
    typeof value === "bigint" ||
    (typeof value === "number" ? Number.isInteger(value) : typeof value === "string" && INTEGER.test(value));
  if (whole) {
    const integer = BigInt(value as bigint | number | string);
    if (integer >= least && integer <= greatest) return String(integer);
  }
  return new Mismatch(`an integer from ${least} to ${greatest}`);
}

function readInt32(value: unknown, least: number, greatest: number): number | Mismatch {
  const number = typeof value === "string" && INTEGER.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number) && number >= least && number <= greatest) {
    return Object.is(number, -0) ? 0 : number;
  }
  return new Mismatch(`an integer from ${least} to ${greatest}`);
}

function readEnum(value: unknown, names: readonly string[]): number | Mismatch {
  const named = typeof value === "string" ? names.indexOf(value) : -1;
  if (named >= 0) return named;
  const number = readInt32(value, -(2 ** 31), 2 ** 31 - 1);
  return number instanceof Mismatch ? new Mismatch(`an integer or a name such as ${names[1]}`) : number;
}

function readBytes(value: unknown): string | Mismatch {
  const bytes = typeof value === "string" ? decodeBase64(value) : undefined;
  return bytes === undefined ? new Mismatch("base64") : encodeBase64(bytes);
}

/**
 * Lower-case hex of any length. The base64 that protobuf's own JSON mapping writes is understood where it has
 * the right length. Any other text is an id nobody can use: the record then fails on its own, not the request.
 */
function readId(name: string, value: unknown): string | Mismatch {
  const text = readText(value);
  if (text instanceof Mismatch) return new Mismatch("an id in hex");
  const bytes = hexToBytes(text);
  if (bytes !== undefined) return text.toLowerCase();
  const sizeBytes = name === "traceId" ? 16 : 8;
  const decoded = text.endsWith("=") ? decodeBase64(text) : undefined;
  if (decoded?.length === sizeBytes) return bytesToHex(decoded);
  // An empty parent would turn the span into a root; one byte is as wrong as what was sent.
  return name === "parentSpanId" ? "00" : "";
}
