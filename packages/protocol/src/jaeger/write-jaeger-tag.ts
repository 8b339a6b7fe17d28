import { plainValue } from "../genai/plain-value.ts";
import type { AnyValue, KeyValue } from "../otlp/model.ts";
import type { JaegerTag } from "./jaeger-trace.ts";

/** Attributes as tags. Lists and maps become JSON, as the format has no type for them; no value is empty text. */
export function writeJaegerTags(attributes: readonly KeyValue[] | undefined): JaegerTag[] {
  return (attributes ?? []).map(({ key = "", value = {} }) => ({ key, ...typedValue(value) }));
}

function typedValue(value: AnyValue): Pick<JaegerTag, "type" | "value"> {
  if (value.boolValue !== undefined) return { type: "bool", value: value.boolValue };
  if (value.doubleValue !== undefined) return { type: "float64", value: value.doubleValue };
  if (value.bytesValue !== undefined) return { type: "binary", value: value.bytesValue };
  if (value.intValue !== undefined) {
    const number = Number(value.intValue);
    return { type: "int64", value: Number.isSafeInteger(number) ? number : value.intValue };
  }
  if (value.arrayValue !== undefined || value.kvlistValue !== undefined)
    return { type: "string", value: JSON.stringify(plainValue(value)) };
  return { type: "string", value: value.stringValue ?? "" };
}
