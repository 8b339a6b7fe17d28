import { InvalidParameter } from "../../http-errors.ts";
import { parseMoment } from "../../moment.ts";
import type { QueryValues } from "../query-values.ts";

const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
/** Ten digits are seconds, more are nanoseconds. */
const SECONDS = /^\d{1,10}$/;
const NANOSECONDS = /^\d{11,19}$/;
const FRACTION = /^(\d{1,10})\.(\d{1,9})$/;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
/** Points that Tempo makes at least of a time, unless a step is asked for. */
const POINTS = 240n;
const SHORT_STEP = 50_000_000n;
const STEPS = [HOUR, 5n * MINUTE, MINUTE, 15n * SECOND, 5n * SECOND, SECOND];

export interface MetricsTime {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/**
 * The time of `start` and `end`, or of `since` before `end`: an hour unless it is given, and now at the latest. Throws
 * `InvalidParameter`.
 */
export function readMetricsTime(values: QueryValues, nowMs: number): MetricsTime {
  const nowNs = BigInt(Math.round(nowMs)) * 1_000_000n;
  const since = values.duration("since") ?? HOUR;
  const toNs = readMoment(values, "end") ?? nowNs;
  const latest = toNs < nowNs ? toNs : nowNs;
  const fromNs = readMoment(values, "start") ?? (latest > since ? latest - since : 0n);
  if (fromNs >= toNs) throw new InvalidParameter("start", "must be before end");
  return { fromNs, toNs };
}

/** Nanoseconds of `step`: seconds or a length of time; without it what Tempo takes. Throws `InvalidParameter`. */
export function readStep(values: QueryValues, { fromNs, toNs }: MetricsTime): bigint {
  const text = values.text("step");
  if (text === undefined) return defaultStep(toNs - fromNs);
  const step = /^\d+(?:\.\d+)?$/.test(text)
    ? BigInt(Math.round(Math.min(Number(text), 1e9) * 1e9))
    : values.duration("step");
  if (step === undefined || step === 0n) throw new InvalidParameter("step", "must be longer than 0");
  return step;
}

function readMoment(values: QueryValues, name: "start" | "end"): bigint | undefined {
  const text = values.text(name);
  if (text === undefined) return undefined;
  if (SECONDS.test(text)) return BigInt(text) * SECOND;
  const fraction = FRACTION.exec(text);
  if (fraction !== null) return BigInt(fraction[1]!) * SECOND + BigInt(fraction[2]!.padEnd(9, "0"));
  const nanos = NANOSECONDS.test(text) || RFC_3339.test(text) ? nanosOf(text) : undefined;
  if (nanos !== undefined) return nanos;
  const allowed = "seconds or nanoseconds since 1970, or a time such as 2026-05-01T12:00:00Z";
  throw new InvalidParameter(name, `is ${JSON.stringify(text.slice(0, 100))}; it must be ${allowed}`);
}

function nanosOf(text: string): bigint | undefined {
  if (RFC_3339.test(text)) return parseMoment(text, 0);
  const nanos = BigInt(text);
  return nanos < 2n ** 63n ? nanos : undefined;
}

/** A round one of which the time has some 240, of a short time a multiple of 50 ms. */
function defaultStep(length: bigint): bigint {
  const atMost = length / POINTS;
  const unit = length < MINUTE ? SHORT_STEP : (STEPS.find((step) => atMost > step) ?? SECOND);
  return atMost > unit ? atMost - (atMost % unit) : unit;
}
