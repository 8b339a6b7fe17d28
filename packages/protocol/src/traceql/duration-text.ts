const UNIT_NANOS: Readonly<Record<string, bigint>> = {
  y: 31_536_000_000_000_000n,
  w: 604_800_000_000_000n,
  d: 86_400_000_000_000n,
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ns: 1n,
};
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w|y)/uy;
const PRINTED = ["h", "m", "s", "ms", "us", "ns"];

/**
 * Nanoseconds of a duration such as `1h30m` or `1.5s`, without a sign; undefined when the text is none.
 * A year has 365 days. Parts of a nanosecond are cut off.
 */
export function parseDuration(text: string): bigint | undefined {
  let nanos = 0n;
  let at = 0;
  while (at < text.length) {
    PART.lastIndex = at;
    const part = PART.exec(text);
    if (part === null) return undefined;
    const [whole = "", fraction = ""] = part[1]!.split(".");
    const unit = UNIT_NANOS[part[2]!]!;
    nanos += BigInt(whole) * unit + (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length);
    at = PART.lastIndex;
  }
  return at === 0 ? undefined : nanos;
}

/** The shortest text of whole parts from hours down, as `1h500ms`; `0s` for none. */
export function printDuration(nanos: bigint): string {
  if (nanos < 0n) return `-${printDuration(-nanos)}`;
  let rest = nanos;
  let text = "";
  for (const unit of PRINTED) {
    const count = rest / UNIT_NANOS[unit]!;
    if (count > 0n) text += `${count}${unit}`;
    rest -= count * UNIT_NANOS[unit]!;
  }
  return text === "" ? "0s" : text;
}
