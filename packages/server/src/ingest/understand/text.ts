const MAX_COUNT = 4_294_967_295;
const DECIMAL = /^\d+(\.\d*)?([eE][+-]?\d+)?$/;

/** A token count from an attribute; 0 for what is no count (negative, NaN, words), at most a UInt32. */
export function count(stated: string | number | undefined): number {
  if (stated === undefined) return 0;
  if (typeof stated === "number") return clamped(stated);
  let value = 0;
  const length = stated.length;
  if (length > 0 && length < 10) {
    for (let i = 0; i < length; i++) {
      const digit = stated.charCodeAt(i) - 48;
      if (digit < 0 || digit > 9) return countSlowly(stated);
      value = value * 10 + digit;
    }
    return value;
  }
  return countSlowly(stated);
}

function countSlowly(text: string): number {
  return clamped(decimal(text));
}

/** A count from parsed JSON, with the same bounds. */
export function countOf(value: unknown): number {
  if (typeof value === "string") return count(value);
  return typeof value === "number" && Number.isFinite(value) ? clamped(value) : 0;
}

export function clamped(value: number): number {
  return value >= 1 ? Math.min(Math.floor(value), MAX_COUNT) : 0;
}

/** A number that is not negative from attribute text; -1 for anything else. */
export function decimal(text: string): number {
  if (text.length > 40 || !DECIMAL.test(text)) return -1;
  const value = Number(text);
  return Number.isFinite(value) ? value : -1;
}

/** MLflow writes every attribute as JSON, so that text comes in quotes. */
export function unquoted(text: string): string {
  if (text.length < 2 || text.charCodeAt(0) !== 34 || text.charCodeAt(text.length - 1) !== 34) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : text;
  } catch {
    return text;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Usage objects are a few hundred bytes; a larger text is not parsed on the way in. */
const MAX_JSON = 65_536;

/** The object that JSON text holds; undefined for other values, broken or oversized text. */
export function jsonObject(text: string): JsonObject | undefined {
  if (text.length > MAX_JSON || text.charCodeAt(0) !== 123) return undefined;
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}
