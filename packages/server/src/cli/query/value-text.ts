import type { AnyValue } from "@clew/protocol/otlp/model";
import { printable } from "../../printable.ts";

const LONGEST = 200;

/** A value as it stands in a cell, safe to print; `nil` for none. */
export function valueText(value: AnyValue | undefined): string {
  return value === undefined ? "nil" : printable(textOf(value));
}

function textOf(value: AnyValue): string {
  if (value.arrayValue === undefined) return String(Object.values(value)[0]).slice(0, LONGEST);
  return `[${(value.arrayValue.values ?? []).map(textOf).join(", ")}]`.slice(0, LONGEST);
}
