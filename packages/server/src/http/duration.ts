const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

/** Completes "it must be …". */
export const DURATION_ALLOWED =
  "a length of time such as 250ms, 1.5s, 2m, 1h or 3d; a bare number is milliseconds";

/** Nanoseconds of `250ms`, `1.5s` or a number of milliseconds; undefined for any other text. */
export function parseDuration(text: string): bigint | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,9})?)\s*(ns|us|ms|s|m|h|d)?$/.exec(text.trim());
  if (match === null) return undefined;
  const nanos = Math.round(Number(match[1]) * UNIT_NS[match[2] ?? "ms"]!);
  return nanos <= Number.MAX_SAFE_INTEGER * 1000 ? BigInt(nanos) : undefined;
}
