/** One vendor's entry of a `tracestate` header. */
export interface TracestateMember {
  readonly key: string;
  readonly value: string;
}

/** Members that a list may have: W3C Trace Context level 2. */
export const MAX_TRACESTATE_MEMBERS = 32;

const KEY = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;
const OUTER_SPACE = /^[ \t]+|[ \t]+$/g;

export function isTracestateKey(text: string): boolean {
  return KEY.test(text);
}

export function isTracestateValue(text: string): boolean {
  return VALUE.test(text);
}

/**
 * Members in their order, of a key that occurs twice the first; several headers are passed joined by commas.
 * Undefined when one member is malformed or there are more than 32: the list does not count then, but the
 * `traceparent` beside it does.
 */
export function parseTracestate(text: string): TracestateMember[] | undefined {
  const members = new Map<string, TracestateMember>();
  let count = 0;
  for (const part of text.split(",")) {
    const member = part.replace(OUTER_SPACE, "");
    if (member === "") continue;
    const split = member.indexOf("=");
    const key = member.slice(0, Math.max(split, 0));
    const value = member.slice(split + 1);
    count += 1;
    if (count > MAX_TRACESTATE_MEMBERS || !isTracestateKey(key) || !isTracestateValue(value))
      return undefined;
    if (!members.has(key)) members.set(key, { key, value });
  }
  return [...members.values()];
}

export function formatTracestate(members: Iterable<TracestateMember>): string {
  return Array.from(members, ({ key, value }) => `${key}=${value}`).join(",");
}
