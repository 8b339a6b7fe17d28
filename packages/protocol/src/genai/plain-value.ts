import type { AnyValue, KeyValue } from "../otlp/model.ts";

/** Nesting beyond this is cut off: nothing a person reads is that deep, and recursion stays bounded. */
const MAX_DEPTH = 64;

/** Names that mean something to JavaScript's objects and never become keys of ours. */
export function isUnsafeKey(key: string): boolean {
  return key === "__proto__" || key === "constructor" || key === "prototype";
}

/** An attribute value as plain JavaScript. Integers beyond 2^53 stay decimal text; maps have no prototype. */
export function plainValue(value: AnyValue | undefined, depth = 0): unknown {
  if (value === undefined || depth > MAX_DEPTH) return undefined;
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.intValue !== undefined) {
    const number = Number(value.intValue);
    return Number.isSafeInteger(number) ? number : value.intValue;
  }
  if (value.doubleValue !== undefined) return value.doubleValue;
  if (value.bytesValue !== undefined) return value.bytesValue;
  if (value.arrayValue !== undefined) {
    return (value.arrayValue.values ?? []).map((element) => plainValue(element, depth + 1));
  }
  if (value.kvlistValue !== undefined) {
    const record = emptyRecord();
    for (const { key, value: element } of value.kvlistValue.values ?? []) {
      if (key !== undefined && !isUnsafeKey(key)) record[key] = plainValue(element, depth + 1);
    }
    return record;
  }
  return undefined;
}

export type PlainRecord = Record<string, unknown>;

/** An object that inherits nothing, so that no key of foreign data can reach `Object.prototype`. */
export function emptyRecord(): PlainRecord {
  return Object.create(null) as PlainRecord;
}

export function isRecord(value: unknown): value is PlainRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The field as text, '' when it is anything else. */
export function textField(record: PlainRecord, key: string): string {
  const value = record[key];
  return typeof value === "string" ? value : "";
}

/** JSON nested deeper than this is not taken apart: nobody reads it, and walking it would exhaust the stack. */
const MAX_JSON_DEPTH = 200;

/** The value itself, or what it says when it is text that holds JSON. Broken or absurdly deep JSON stays text. */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const first = value.trimStart()[0];
  if (first !== "{" && first !== "[" && first !== '"') return value;
  if (isTooDeep(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function isTooDeep(json: string): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === 0x22) inText = !inText;
    else if (inText) {
      if (code === 0x5c) i++;
    } else if (code === 0x5b || code === 0x7b) {
      if (++depth > MAX_JSON_DEPTH) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}

/** Attributes by key; of a repeated key the last one counts. Values are converted when they are asked for. */
export class Attributes {
  readonly #values = new Map<string, AnyValue | undefined>();

  constructor(attributes: readonly KeyValue[] | undefined) {
    for (const { key, value } of attributes ?? []) if (key !== undefined) this.#values.set(key, value);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  keys(): IterableIterator<string> {
    return this.#values.keys();
  }

  get(key: string): unknown {
    return plainValue(this.#values.get(key));
  }

  /** Like `get`, with JSON text parsed. */
  json(key: string): unknown {
    return parsed(this.get(key));
  }

  /** The value of the first key that has one which is not empty text. */
  first(...keys: string[]): unknown {
    for (const key of keys) {
      const value = this.get(key);
      if (value !== undefined && value !== "") return value;
    }
    return undefined;
  }

  /** Text of the first key that has some; JSON-quoted text is unquoted. */
  text(...keys: string[]): string {
    for (const key of keys) {
      const value = this.get(key);
      if (typeof value !== "string" || value === "") continue;
      const inner = value.startsWith('"') ? parsed(value) : value;
      return typeof inner === "string" ? inner : value;
    }
    return "";
  }
}
