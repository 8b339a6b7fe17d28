declare const unit: unique symbol;

/** Nanoseconds since the Unix epoch, as OTLP sends them (`fixed64`). */
export type UnixNanos = bigint & { readonly [unit]: "UnixNanos" };

/** A length of time in nanoseconds; never negative. */
export type Nanos = bigint & { readonly [unit]: "Nanos" };

/** Takes OTLP's decimal text; throws SyntaxError for any other text. */
export function unixNanos(value: bigint | string): UnixNanos {
  return BigInt(value) as UnixNanos;
}

/** From milliseconds since the epoch as `Date.now()` or `performance` give them; fractions are kept to the nanosecond. */
export function unixNanosFromMs(ms: number): UnixNanos {
  const whole = Math.floor(ms);
  return (BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6))) as UnixNanos;
}

/** Whole milliseconds since the epoch, rounded down, for `Date`. */
export function unixMs(time: UnixNanos): number {
  return Number(time / 1_000_000n);
}

/** Length of `[start, end]`; zero when a skewed clock puts `end` first. */
export function between(start: UnixNanos, end: UnixNanos): Nanos {
  return (end > start ? end - start : 0n) as Nanos;
}

/** A length in milliseconds with its fraction, for display and arithmetic; exact below 104 days. */
export function nanosToMs(length: Nanos): number {
  return Number(length) / 1e6;
}

/** RFC 3339 in UTC with all nine digits; undefined past the year 275760, which `Date` cannot name. */
export function unixNanosToIso(time: UnixNanos): string | undefined {
  const date = new Date(unixMs(time));
  if (Number.isNaN(date.getTime())) return undefined;
  const fraction = String(time % 1_000_000_000n).padStart(9, "0");
  return `${date.toISOString().slice(0, -5)}.${fraction}Z`;
}

/**
 * Nanoseconds of a count of microseconds, which Zipkin and Jaeger write as a number and some clients as text.
 * A fraction is kept to the nanosecond. Undefined for what is no number, is negative or needs more than 64 bits.
 */
export function nanosFromMicros(micros: unknown): bigint | undefined {
  let nanos: bigint;
  if (typeof micros === "string" && /^\d{1,17}$/.test(micros)) {
    nanos = BigInt(micros) * 1000n;
  } else if (typeof micros === "number" && micros >= 0 && micros < Number.POSITIVE_INFINITY) {
    const whole = Math.floor(micros);
    nanos = BigInt(whole) * 1000n + BigInt(Math.round((micros - whole) * 1000));
  } else {
    return undefined;
  }
  return nanos < 1n << 64n ? nanos : undefined;
}
