import type { DoubleJson, KeyValue } from "@clew/protocol/otlp/model";
import { restoreAttributes, type StoredAttributes } from "./restore.ts";

/** The property when the value is not protobuf's default, nothing when it is: the model leaves defaults out. */
export function field<Name extends string, Value>(
  name: Name,
  value: Value,
): { [Key in Name]?: NonNullable<Value> } {
  const isDefault = value === "" || Object.is(value, 0) || value === false || value === undefined;
  if (isDefault || (Array.isArray(value) && value.length === 0)) return {};
  return { [name]: value } as { [Key in Name]?: NonNullable<Value> };
}

/** Unsigned decimal text of a 64-bit column; the property is left out at zero. */
export function uint64Field<Name extends string>(name: Name, text: string): { [Key in Name]?: string } {
  return field(name, text === "0" ? "" : String(BigInt.asUintN(64, BigInt(text))));
}

/** Hex of an id; the property is left out when all digits are zero, which means none. */
export function idField<Name extends string>(name: Name, hex: string): { [Key in Name]?: string } {
  return field(name, /^0*$/.test(hex) ? "" : hex);
}

export function attributesField(stored: StoredAttributes): { attributes?: KeyValue[] } {
  return field("attributes", restoreAttributes(stored));
}

/** A double as the store's JSON has it: numbers JSON cannot write come as text, and minus zero as itself. */
export type StoredDouble = number | string;

/** The store writes `nan`, `inf` and `-inf`. */
export function doubleJson(value: StoredDouble): DoubleJson {
  if (typeof value === "number") return value;
  if (value.includes("nan")) return "NaN";
  return value.startsWith("-") ? "-Infinity" : "Infinity";
}

/** Rows with doubles are read with these settings. */
export const WITH_DENORMALS = { output_format_json_quote_denormals: 1 } as const;
