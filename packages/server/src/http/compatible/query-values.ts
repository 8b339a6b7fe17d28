import { bytesToHex } from "@clew/protocol/ids";
import { decodeBase64 } from "@clew/protocol/otlp/base64";
import { parseDuration } from "@clew/protocol/traceql/duration-text";
import { InvalidParameter } from "../http-errors.ts";

const MOST_LENGTH = 65_536;
const LAST_NS = 2n ** 63n - 1n;

/**
 * The parameters of a request as the compatible APIs take them: an empty one counts as absent, of several the first
 * holds, and unknown ones are ignored. Every method throws `InvalidParameter` for a value that makes no sense.
 */
export class QueryValues {
  readonly #parameters: URLSearchParams;

  constructor(url: string) {
    this.#parameters = new URL(url).searchParams;
  }

  /** Of the first of these names that is given. */
  text(...names: string[]): string | undefined {
    for (const name of names) {
      const value = this.#parameters.get(name);
      if (value === null || value === "") continue;
      if (value.length > MOST_LENGTH)
        throw new InvalidParameter(name, `is longer than ${MOST_LENGTH} characters`);
      return value;
    }
    return undefined;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new InvalidParameter(name, "is required");
    return value;
  }

  texts(name: string): string[] {
    return this.#parameters.getAll(name).filter((value) => value !== "");
  }

  wholeNumber(name: string, min: number, max: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw mustBe(name, value, `a whole number from ${min} to ${max}`);
  }

  /** Nanoseconds, of a count of units that each have so many. */
  count(name: string, unitNs: bigint, unit: string): bigint | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const nanos = /^\d{1,19}$/.test(value) ? BigInt(value) * unitNs : -1n;
    if (nanos >= 0n && nanos <= LAST_NS) return nanos;
    throw mustBe(name, value, `a number of ${unit}`);
  }

  /** Nanoseconds of a length such as `1.5s` or `1h30m`; of the first of these names that is given. */
  duration(...names: string[]): bigint | undefined {
    const name = names.find((one) => this.text(one) !== undefined);
    const value = name === undefined ? undefined : this.text(name);
    if (name === undefined || value === undefined) return undefined;
    const nanos = value === "0" ? 0n : value.length <= 100 ? parseDuration(value) : undefined;
    if (nanos !== undefined && nanos <= LAST_NS) return nanos;
    throw mustBe(name, value, "a length of time such as 250ms, 1.5s or 1h30m");
  }

  /** Throws when a least length is given that is greater than the greatest. */
  durations(least: readonly string[], greatest: readonly string[]): DurationBounds {
    const minDurationNs = this.duration(...least);
    const maxDurationNs = this.duration(...greatest);
    if (minDurationNs !== undefined && maxDurationNs !== undefined && maxDurationNs < minDurationNs)
      throw new InvalidParameter(greatest[0]!, `is less than ${least[0]!}`);
    return {
      ...(minDurationNs !== undefined && { minDurationNs }),
      ...(maxDurationNs !== undefined && { maxDurationNs }),
    };
  }
}

export interface DurationBounds {
  readonly minDurationNs?: bigint;
  readonly maxDurationNs?: bigint;
}

/** The 32 lower-case hex digits of a trace id, whose leading zeros may be left out. Throws `InvalidParameter`. */
export function traceIdOf(name: string, text: string): string {
  if (/^[0-9a-f]{1,32}$/i.test(text)) return text.toLowerCase().padStart(32, "0");
  throw mustBe(name, text, "1 to 32 hexadecimal digits");
}

/** The same, or the 16 bytes in base64, which Jaeger takes as well. */
export function jaegerTraceIdOf(name: string, text: string): string {
  const bytes = /^[\w+/-]{22}(?:==)?$/.test(text) ? decodeBase64(text) : undefined;
  return bytes?.length === 16 ? bytesToHex(bytes) : traceIdOf(name, text);
}

function mustBe(name: string, value: string, allowed: string): InvalidParameter {
  const shown = JSON.stringify(value.slice(0, 100));
  return new InvalidParameter(name, `is ${shown}, which is not allowed; it must be ${allowed}`);
}
