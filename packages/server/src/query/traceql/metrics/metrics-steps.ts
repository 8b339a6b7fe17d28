import { type TimeSteps, timeSteps } from "@clew/protocol/traceql/time-steps";
import { InvalidQuery } from "../invalid-query.ts";

const NANOS = 1_000_000_000n;
const POINTS = 60n;
/** Of one answer. */
const MOST_POINTS = 5000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28].map((days) => days * DAY),
].map((seconds) => BigInt(seconds) * NANOS);

/** The time that series are asked for; without a step one that makes at most some 60 points. */
export interface MetricsTime {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly stepNs?: bigint | "none";
}

/** The points of an answer. Throws `InvalidQuery` when they are none, or too many. */
export function stepsOf({ fromNs, toNs, stepNs }: MetricsTime): TimeSteps {
  const whole = { offset: 0, length: 0 };
  if (fromNs >= toNs) throw new InvalidQuery("the time that is asked for ends before it begins", whole);
  const step = stepNs === "none" ? undefined : (stepNs ?? defaultStep(toNs - fromNs));
  if (step !== undefined && step < 1n)
    throw new InvalidQuery("the step between points has to be longer than 0", whole);
  const points = step === undefined ? 1n : (toNs - fromNs) / step;
  if (points <= MOST_POINTS) return timeSteps({ start: fromNs, end: toNs, step });
  const least = (toNs - fromNs) / BigInt(MOST_POINTS) / 1_000_000n + 1n;
  const message = `an answer has at most ${MOST_POINTS} points, these would be ${points}; take a step of at least ${least}ms`;
  throw new InvalidQuery(message, whole);
}

function defaultStep(length: bigint): bigint {
  const days = BigInt(DAY) * NANOS;
  return STEPS.find((step) => length / step <= POINTS) ?? (length / POINTS / days + 1n) * days;
}
