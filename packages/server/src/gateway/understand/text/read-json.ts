import { fieldsAt, skipSpace } from "./json-fields.ts";
import type { Fields } from "./value.ts";

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The value of JSON text in UTF-8; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The fields of the JSON object that a body is, without those in `skip`, over which it only steps. What is cut off
 * gives the fields before the cut, and so does `isWhole` false. Undefined when it does not begin as an object.
 */
export function readFields(
  body: Uint8Array,
  skip: ReadonlySet<string>,
): { readonly fields: Fields; readonly isWhole: boolean } | undefined {
  const buffer = asBuffer(body);
  const text = buffer.toString("latin1");
  const at = skipSpace(text, 0);
  if (text[at] !== "{") return undefined;
  const found = fieldsAt(text, at);
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  let isWhole = found.closeAt >= 0 && skipSpace(text, found.closeAt + 1) === text.length;
  for (const { key, valueAt, valueEnd } of found.fields) {
    if (skip.has(key)) continue;
    const value = parseJson(buffer.toString("utf8", valueAt, valueEnd));
    if (value === undefined) isWhole = false;
    else fields[key] = value;
  }
  return { fields, isWhole };
}
