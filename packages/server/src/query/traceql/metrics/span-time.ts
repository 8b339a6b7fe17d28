import type { TimeSteps } from "@clew/protocol/traceql/time-steps";
import { fragment, type Parameters, type SqlFragment } from "../../sql.ts";

/** Between which moments the spans start that count: behind `afterNs`, up to and with `untilNs`. */
export interface SpanTime {
  readonly afterNs: bigint;
  readonly untilNs: bigint;
}

export function spanTimeOf({ first, step, count }: TimeSteps): SpanTime {
  return { afterNs: first - step, untilNs: first + BigInt(count - 1) * step };
}

const QUARTER_S = 900n;
const NANOS = 1_000_000_000n;
const MOST_NS = 2n ** 63n - 1n;
const LAST_QUARTER_S = ((2n ** 32n - 1n) / QUARTER_S) * QUARTER_S;

/** The time as the statements of metrics have it bound. */
export function timeParameters({ afterNs, untilNs }: SpanTime): Readonly<Record<string, bigint>> {
  return {
    after_ns: within(afterNs, -MOST_NS, MOST_NS),
    until_ns: within(untilNs, -MOST_NS, MOST_NS),
    first_quarter: quarterOf(afterNs),
    last_quarter: quarterOf(untilNs),
  };
}

function quarterOf(nanos: bigint): bigint {
  return (within(nanos / NANOS, 0n, LAST_QUARTER_S) / QUARTER_S) * QUARTER_S;
}

function within(value: bigint, least: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value;
}

/** Where a row of `spans` starts in the time that `timeParameters` binds. */
export const IN_TIME = inTime(
  fragment`{first_quarter:UInt32}`,
  fragment`{last_quarter:UInt32}`,
  fragment`{after_ns:Int64}`,
  fragment`{until_ns:Int64}`,
);

/** The same with the time bound here. */
export function startsIn(time: SpanTime, parameters: Parameters): SqlFragment {
  const of = timeParameters(time);
  return inTime(
    parameters.bind("UInt32", of.first_quarter!),
    parameters.bind("UInt32", of.last_quarter!),
    parameters.bind("Int64", of.after_ns!),
    parameters.bind("Int64", of.until_ns!),
  );
}

function inTime(first: SqlFragment, last: SqlFragment, after: SqlFragment, until: SqlFragment): SqlFragment {
  return fragment`toStartOfFifteenMinutes(start_time) >= toDateTime(${first}, 'UTC')
  AND toStartOfFifteenMinutes(start_time) <= toDateTime(${last}, 'UTC')
  AND start_time > fromUnixTimestamp64Nano(${after}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano(${until}, 'UTC')`;
}
