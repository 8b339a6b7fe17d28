import { parseDuration } from "./duration.ts";

const MAX_NS = 2n ** 63n - 1n;
const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.(\d{1,9}))?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** Completes "it must be …". */
export const MOMENT_ALLOWED =
  "a time such as now-15m, 2026-05-01T12:00:00Z, or milliseconds or nanoseconds since 1970";

/**
 * Nanoseconds since the epoch of `now`, `now-15m`, ISO 8601 (UTC where it names no zone), or a count of
 * milliseconds or, from 16 digits on, nanoseconds; undefined for any other text.
 */
export function parseMoment(text: string, nowMs: number): bigint | undefined {
  const nanos = nanosOf(text.trim(), nowMs);
  return nanos === undefined || nanos < 0n || nanos > MAX_NS ? undefined : nanos;
}

function nanosOf(text: string, nowMs: number): bigint | undefined {
  const relative = /^now(?:([+-])(.+))?$/.exec(text);
  if (relative !== null) return nowPlus(nowMs, relative[1], relative[2]);
  if (/^\d{16,19}$/.test(text)) return BigInt(text);
  const count = /^(\d{1,15})(?:\.(\d{1,6}))?$/.exec(text);
  if (count !== null) return BigInt(count[1]!) * 1_000_000n + BigInt((count[2] ?? "").padEnd(6, "0"));
  return isoNanos(text);
}

function nowPlus(nowMs: number, sign: string | undefined, length: string | undefined): bigint | undefined {
  const now = BigInt(Math.round(nowMs)) * 1_000_000n;
  if (sign === undefined || length === undefined) return now;
  // A bare number would be milliseconds, which nobody means here.
  const distance = /[a-z]$/.test(length) ? parseDuration(length) : undefined;
  if (distance === undefined) return undefined;
  return sign === "-" ? now - distance : now + distance;
}

function isoNanos(text: string): bigint | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, fraction = ""] = match;
  const whole = fraction === "" ? text : text.replace(`.${fraction}`, "");
  const zoned = /(?:Z|[+-]\d{2}:\d{2})$/.test(whole) || !whole.includes("T") ? whole : `${whole}Z`;
  const ms = Date.parse(zoned);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}
