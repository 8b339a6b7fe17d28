import type { AnyValue } from "@clew/protocol/otlp/model";
import { printDuration } from "@clew/protocol/traceql/duration-text";
import type { Scalar, Value } from "@clew/protocol/traceql/value";

/** A value as answers have it; durations and enums are texts. Undefined for nil. */
export function shownValue(value: Value): AnyValue | undefined {
  if (value === undefined) return undefined;
  return value.type === "array"
    ? { arrayValue: { values: value.elements.map(shownScalar) } }
    : shownScalar(value);
}

function shownScalar({ type, value }: Scalar): AnyValue {
  switch (type) {
    case "int":
      return { intValue: String(value) };
    case "float":
      return {
        doubleValue: Number.isFinite(value) ? value : (String(value) as "NaN" | "Infinity" | "-Infinity"),
      };
    case "boolean":
      return { boolValue: value };
    case "duration":
      return { stringValue: printDuration(value) };
    default:
      return { stringValue: value };
  }
}
