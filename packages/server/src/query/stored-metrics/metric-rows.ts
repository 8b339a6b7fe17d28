import { fragment, type Parameters, type SqlFragment } from "../sql.ts";

/** Points of metrics that were taken from one moment, inclusive, to another, exclusive; Unix nanoseconds. */
export interface MetricTime {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** The conditions on rows of `metric_points`; that on the hour is the one that the primary key can use. */
export function pointsIn({ fromNs, toNs }: MetricTime, parameters: Parameters): SqlFragment[] {
  const from = fragment`fromUnixTimestamp64Nano(${parameters.bind("Int64", fromNs)}, 'UTC')`;
  const to = fragment`fromUnixTimestamp64Nano(${parameters.bind("Int64", toNs)}, 'UTC')`;
  return [
    fragment`toStartOfHour(time) >= toStartOfHour(${from}) AND toStartOfHour(time) <= toStartOfHour(${to})`,
    fragment`time >= ${from} AND time < ${to}`,
  ];
}
