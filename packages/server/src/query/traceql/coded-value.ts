import type { AnyValue } from "@clew/protocol/otlp/model";
import type { KindName, StatusName } from "@clew/protocol/traceql/ast";
import { array, boolean, duration, elementsOf, float, int, type Value } from "@clew/protocol/traceql/value";
import { restoreValue } from "../restore.ts";

const STATUSES: readonly StatusName[] = ["unset", "ok", "error"];
const KINDS: readonly KindName[] = ["unspecified", "internal", "server", "client", "producer", "consumer"];

/**
 * A value from a text that begins with its type: one of `attribute_types`, or `t` for a duration, `u` for a status,
 * `k` for a kind. Empty is nil. Bytes and maps are their texts.
 */
export function decodeValue(coded: string): Value {
  const text = coded.slice(1);
  switch (coded[0]) {
    case undefined:
    case "n":
      return undefined;
    case "i":
      return int(BigInt(text));
    case "d":
      return float(numberOf(text));
    case "b":
      return boolean(text === "true");
    case "t":
      return duration(BigInt(text));
    case "u":
      return { type: "status", value: STATUSES[Number(text)] ?? "unset" };
    case "k":
      return { type: "kind", value: KINDS[Number(text)] ?? "unspecified" };
    case "a": {
      const value = restoreValue("a", text);
      return value === undefined ? undefined : sentValue(value);
    }
    default:
      return { type: "string", value: text };
  }
}

/** A value as it was sent; undefined for an empty one. */
export function sentValue(value: AnyValue): Value {
  if (value.stringValue !== undefined) return { type: "string", value: value.stringValue };
  if (value.intValue !== undefined) return int(BigInt(value.intValue));
  if (value.doubleValue !== undefined) return float(Number(value.doubleValue));
  if (value.boolValue !== undefined) return boolean(value.boolValue);
  if (value.arrayValue !== undefined) {
    const scalars = (value.arrayValue.values ?? []).filter((one) => !isOpaque(one)).map(sentValue);
    return array(scalars);
  }
  return isOpaque(value) ? { type: "string", value: JSON.stringify(value) } : undefined;
}

/** The text that `decodeValue` reads back; empty for nil. */
export function codeOf(value: AnyValue): string {
  const read = sentValue(value);
  if (read === undefined) return "";
  if (isOpaque(value)) return `m${JSON.stringify(value)}`;
  if (read.type === "array") return `a[${elementsOf(read).map(jsonOf).join()}]`;
  return `${read.type === "string" ? "s" : read.type === "int" ? "i" : read.type === "float" ? "d" : "b"}${read.value}`;
}

function isOpaque(value: AnyValue): boolean {
  return value.kvlistValue !== undefined || value.bytesValue !== undefined;
}

function jsonOf(value: { readonly type: string; readonly value: unknown }): string {
  if (value.type === "string") return JSON.stringify(value.value);
  const text = String(value.value);
  return value.type === "float" && !/[.e]/.test(text) ? `${text}.0` : text;
}

/** A float as the store or as `attribute_types` writes it. */
function numberOf(text: string): number {
  if (/^-?inf/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}
