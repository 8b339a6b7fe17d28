import { type Fields, list, record, text } from "../otlp/foreign-fields.ts";
import { Mismatch, readJsonScalar } from "../otlp/json-scalars.ts";
import type { AnyValue, KeyValue } from "../otlp/model.ts";
import { ANY_VALUE } from "../otlp/schema.ts";

const MEMBERS: ReadonlyMap<unknown, string> = new Map([
  ["string", "stringValue"],
  ["bool", "boolValue"],
  ["int64", "intValue"],
  ["float64", "doubleValue"],
  ["binary", "bytesValue"],
]);

/** Tags or log fields, `[{key, type, value}]`. Throws `BadSpan`. */
export function readJaegerTags(path: string, value: unknown): KeyValue[] {
  return list(path, value).map((entry, index) => {
    const tag = record(`${path}[${index}]`, entry);
    return { key: text(`${path}[${index}].key`, tag.key), value: anyValueOf(tag) };
  });
}

/** By the tag's type; where that is missing or does not fit, by what the value is. */
function anyValueOf({ type, value }: Fields): AnyValue {
  if (value === undefined || value === null) return {};
  const field = ANY_VALUE.byKey.get(MEMBERS.get(String(type).toLowerCase()) ?? "");
  if (field !== undefined) {
    const read = readJsonScalar(field, value);
    if (!(read instanceof Mismatch)) return { [field.name]: read };
  }
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { stringValue: typeof value === "string" ? value : JSON.stringify(value) };
}
