import type { Fields } from "./value.ts";

type Method = (this: unknown, ...of: unknown[]) => unknown;

/** Classes have been wrapped once however often their module is loaded. */
const wrapped = new WeakSet<object>();

/**
 * Replaces a method of a class by what `wrap` makes of it. Name, length and whether it can be enumerated stay.
 * Does nothing when there is no such class or method, or when it is replaced already.
 */
export function replaceMethod(of: unknown, name: string, wrap: (original: Method) => Method): void {
  const prototype: unknown = typeof of === "function" ? of.prototype : undefined;
  if (typeof prototype !== "object" || prototype === null) return;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  const original: unknown = descriptor?.value;
  if (descriptor === undefined || typeof original !== "function" || wrapped.has(original)) return;
  const wrapper = wrap(original as Method);
  Object.defineProperties(wrapper, {
    name: { value: original.name, configurable: true },
    length: { value: original.length, configurable: true },
  });
  wrapped.add(wrapper);
  Object.defineProperty(prototype, name, { ...descriptor, value: wrapper });
}

/** The static members of a class; none of anything else. */
export function classOf(value: unknown): Fields {
  return typeof value === "function" ? (value as unknown as Fields) : {};
}
