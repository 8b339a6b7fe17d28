import { decodeBase64 } from "@clew/protocol/otlp/base64";
import { decodeAnyValue } from "@clew/protocol/otlp/decode";
import type { AnyValue, DoubleJson, KeyValue } from "@clew/protocol/otlp/model";
import { MalformedProtobuf } from "@clew/protocol/otlp/protobuf-reader";
import { parseNaturalJson, UnreadableValue } from "./natural-json.ts";

/** Attributes as they are stored: names and texts of two maps, and one type character per attribute. */
export interface StoredAttributes {
  readonly types: string;
  readonly keys: readonly string[];
  readonly values: readonly string[];
  /** Those that people read rather than filter by; their type characters are upper case. */
  readonly contentKeys?: readonly string[];
  readonly contentValues?: readonly string[];
}

/** The attributes as they were sent: same order, same types. Text that its type cannot be read from stays text. */
export function restoreAttributes(stored: StoredAttributes): KeyValue[] {
  let nextAttribute = 0;
  let nextContent = 0;
  return Array.from(stored.types, (type): KeyValue => {
    const isContent = type < "a";
    const at = isContent ? nextContent++ : nextAttribute++;
    const key = (isContent ? stored.contentKeys : stored.keys)?.[at] ?? "";
    const text = (isContent ? stored.contentValues : stored.values)?.[at] ?? "";
    return keyValue(key, restoreValue(type.toLowerCase(), text));
  });
}

/** One value from its type character and text; undefined when the value itself was absent. */
export function restoreValue(type: string, text: string): AnyValue | undefined {
  try {
    return valueFrom(type, text);
  } catch (error) {
    if (error instanceof UnreadableValue || error instanceof MalformedProtobuf) return { stringValue: text };
    throw error;
  }
}

function valueFrom(type: string, text: string): AnyValue | undefined {
  switch (type) {
    case "i":
      return { intValue: text };
    case "d":
      return { doubleValue: doubleOf(text) };
    case "b":
      return { boolValue: text === "true" };
    case "x":
      return { bytesValue: text };
    case "a":
    case "m":
      return parseNaturalJson(text);
    case "n":
      return {};
    case "p":
      return decodeAnyValue(bytesOf(text));
    default:
      return { stringValue: text };
  }
}

function keyValue(key: string, value: AnyValue | undefined): KeyValue {
  return { ...(key !== "" && { key }), ...(value !== undefined && { value }) };
}

/** A double from its shortest text, in the form the JSON mapping needs. */
export function doubleOf(text: string): DoubleJson {
  if (text === "NaN" || text === "Infinity" || text === "-Infinity") return text;
  return Number(text);
}

function bytesOf(text: string): Uint8Array {
  const bytes = decodeBase64(text);
  if (bytes === undefined) throw new UnreadableValue("No base64");
  return bytes;
}
