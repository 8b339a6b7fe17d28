import { Wire, WireError } from "../wire.ts";

/**
 * One character per kind of AnyValue, as in the column `attribute_types`. Codes of `a`rray and `m`ap values
 * promise that their natural JSON can be read back exactly; anything else that is nested is `p`, protobuf.
 */
export type TypeCode = "s" | "i" | "d" | "b" | "x" | "a" | "m" | "n" | "p";

/** AnyValues inside each other, the outermost counted; deeper ones are kept as bytes, because no codec of ours reads them. */
const MAX_DEPTH = 100;

/** The value's natural JSON would not read back as the same value. */
class Unfaithful extends Error {}

const wire = new Wire();

/** Code and text of the AnyValue in `buf[start, end)`. Slow path: arrays, maps, bytes and damaged values. */
export function anyValueText(buf: Buffer, start: number, end: number): { code: TypeCode; text: string } {
  try {
    wire.reset(buf, start);
    const out: { code: TypeCode; text: string } = { code: "n", text: "" };
    while (wire.pos < end) {
      const tag = wire.tag(end);
      const kind = kindOf(tag);
      if (kind === undefined) {
        wire.skip(tag & 7, end);
        continue;
      }
      out.code = kind;
      out.text = readText(kind, end, 0);
    }
    return out;
  } catch (error) {
    if (!(error instanceof Unfaithful) && !(error instanceof WireError)) throw error;
    return { code: "p", text: buf.toString("base64", start, end) };
  }
}

function kindOf(tag: number): TypeCode | undefined {
  switch (tag) {
    case 10:
      return "s";
    case 16:
      return "b";
    case 24:
      return "i";
    case 33:
      return "d";
    case 42:
      return "a";
    case 50:
      return "m";
    case 58:
      return "x";
    default:
      return undefined;
  }
}

function readText(kind: TypeCode, end: number, depth: number): string {
  switch (kind) {
    case "s":
      return faithfulText(wire.enter(end));
    case "b":
      wire.varint64(end);
      return wire.lo === 0 && wire.hi === 0 ? "false" : "true";
    case "i":
      wire.varint64(end);
      return int64Text(wire.hi, wire.lo);
    case "d":
      return doubleText(wire.buf.readDoubleLE(wire.fixed64(end)));
    case "x": {
      const fieldEnd = wire.enter(end);
      const text = wire.buf.toString("base64", wire.pos, fieldEnd);
      wire.pos = fieldEnd;
      return text;
    }
    case "a":
      return arrayJson(wire.enter(end), depth);
    default:
      return mapJson(wire.enter(end), depth);
  }
}

/** Text whose bytes are valid UTF-8; a replacement character would be a silent change. */
function faithfulText(fieldEnd: number): string {
  const text = wire.buf.toString("utf8", wire.pos, fieldEnd);
  if (text.includes("�")) throw new Unfaithful();
  wire.pos = fieldEnd;
  return text;
}

function arrayJson(end: number, depth: number): string {
  const items: string[] = [];
  while (wire.pos < end) {
    const tag = wire.tag(end);
    if (tag === 10) items.push(valueJson(wire.enter(end), depth + 1));
    else wire.skip(tag & 7, end);
  }
  return `[${items.join(",")}]`;
}

function mapJson(end: number, depth: number): string {
  const members: string[] = [];
  while (wire.pos < end) {
    const tag = wire.tag(end);
    if (tag === 10) members.push(memberJson(wire.enter(end), depth));
    else wire.skip(tag & 7, end);
  }
  return `{${members.join(",")}}`;
}

function memberJson(end: number, depth: number): string {
  let key = "";
  let value: string | undefined;
  while (wire.pos < end) {
    const tag = wire.tag(end);
    if (tag === 10) key = faithfulText(wire.enter(end));
    else if (tag === 18) value = valueJson(wire.enter(end), depth + 1);
    else wire.skip(tag & 7, end);
  }
  if (value === undefined) throw new Unfaithful();
  return `${JSON.stringify(key)}:${value}`;
}

function valueJson(end: number, depth: number): string {
  if (depth >= MAX_DEPTH) throw new Unfaithful();
  let json: string | undefined;
  while (wire.pos < end) {
    const tag = wire.tag(end);
    const kind = kindOf(tag);
    if (kind === undefined) {
      wire.skip(tag & 7, end);
      continue;
    }
    const text = readText(kind, end, depth);
    json = jsonOf(kind, text);
  }
  if (json === undefined) throw new Unfaithful();
  return json;
}

function jsonOf(kind: TypeCode, text: string): string {
  if (kind === "s") return JSON.stringify(text);
  if (kind === "x" || text === "NaN" || text.endsWith("Infinity")) throw new Unfaithful();
  // A bare integer would read back as an int.
  if (kind === "d" && !/[.e]/.test(text)) return `${text}.0`;
  return text;
}

/** Shortest text that reads back as the same double, the sign of zero included. */
export function doubleText(value: number): string {
  return value === 0 && Object.is(value, -0) ? "-0" : String(value);
}

/** Decimal text of the signed 64-bit integer with these halves. */
export function int64Text(hi: number, lo: number): string {
  if (hi === 0) return String(lo);
  if (hi < 0x200000) return String(hi * 4294967296 + lo);
  return String(BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo)));
}
