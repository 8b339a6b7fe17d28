import type { TextMapGetter, TextMapSetter } from "@opentelemetry/api";

interface Settable {
  set?(name: string, value: string): unknown;
}

interface Gettable {
  get?(name: string): unknown;
  keys?(): Iterable<string>;
}

/** Writes to `Headers`, `Map` and gRPC metadata by their `set`, to anything else by its properties. */
export const SETTER: TextMapSetter<object> = {
  set(carrier, name, value) {
    const { set } = carrier as Settable;
    if (typeof set === "function") set.call(carrier, name, value);
    else (carrier as Record<string, string>)[name] = value;
  },
};

/** Reads the same; names of properties count in any case, values may be bytes or lists. */
export const GETTER: TextMapGetter<object> = {
  get(carrier, name) {
    const { get } = carrier as Gettable;
    if (typeof get === "function") return textOf(get.call(carrier, name));
    const fields = carrier as Record<string, unknown>;
    if (Object.hasOwn(fields, name)) return textOf(fields[name]);
    const key = Object.keys(fields).find((one) => one.toLowerCase() === name.toLowerCase());
    return key === undefined ? undefined : textOf(fields[key]);
  },
  keys(carrier) {
    const { get, keys } = carrier as Gettable;
    return typeof get === "function" && typeof keys === "function"
      ? [...keys.call(carrier)]
      : Object.keys(carrier);
  },
};

/** Several values of one name are one list. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(textOf).join(",");
  return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : String(value);
}
