import { fragment, type Parameters, type SqlFragment } from "../sql.ts";
import { END_OF_TIME_S } from "../time-windows.ts";

const NO_TIME = fragment`toDateTime64(0, 9, 'UTC')`;

/** When the record of a row of `logs` happened: when it was observed, if nobody said. */
export const AT = fragment`if(time = ${NO_TIME}, observed_time, time)`;

export const AT_NS = fragment`toUnixTimestamp64Nano(${AT})`;

/** A hash of everything that was sent of a row of `logs`. */
export const RECORD = fragment`cityHash64(time, observed_time, trace_id, span_id, flags, severity_number, severity_text,
    event_name, body, body_type, resource_id, scope_id, mapKeys(attributes), mapValues(attributes), mapKeys(content),
    mapValues(content), attribute_types, dropped_attributes_count)`;

/**
 * Rows of `logs` that happened from one second to before another, since the epoch. The conditions on five minutes
 * say no more than the others, and are those that the primary key can use; rows without a time stand together.
 */
export function happenedIn(from: number, to: number, parameters: Parameters): SqlFragment {
  // Moments of whole seconds would be compared with the key's nanoseconds as they are.
  const first = fragment`toDateTime64(${parameters.bind("UInt32", from)}, 9, 'UTC')`;
  const since = (time: SqlFragment) => fragment`${time} >= ${first}`;
  // What lies behind the end of the database's minutes is among the newest.
  if (to >= END_OF_TIME_S) {
    return fragment`(toStartOfFiveMinutes(time) >= toStartOfFiveMinutes(${first}) AND ${since(fragment`time`)} AND time != ${NO_TIME})
      OR (toStartOfFiveMinutes(time) = toDateTime(0, 'UTC') AND time = ${NO_TIME} AND ${since(fragment`observed_time`)})`;
  }
  const last = fragment`toDateTime64(${parameters.bind("UInt32", to)}, 9, 'UTC')`;
  const until = (time: SqlFragment) => fragment`${time} < ${last}`;
  return fragment`(toStartOfFiveMinutes(time) >= toStartOfFiveMinutes(${first}) AND toStartOfFiveMinutes(time) <= toStartOfFiveMinutes(${last})
      AND ${since(fragment`time`)} AND ${until(fragment`time`)} AND time != ${NO_TIME})
    OR (toStartOfFiveMinutes(time) = toDateTime(0, 'UTC') AND time = ${NO_TIME}
      AND ${since(fragment`observed_time`)} AND ${until(fragment`observed_time`)})`;
}

/** Few enough five minutes for one thread. */
const NEAR = 4;

/** Rows of `logs` that happened at one of these moments, Unix nanoseconds. */
export function happenedAt(times: readonly bigint[], parameters: Parameters): SqlFragment {
  // Rows without a time stand where the epoch begins.
  const buckets = parameters.bind("Array(UInt64)", [0n, ...bucketsOf(times)]);
  const moments = parameters.bind("Array(UInt64)", [...new Set(times)]);
  return fragment`toStartOfFiveMinutes(time) IN (SELECT toDateTime(arrayJoin(${buckets}), 'UTC'))
    AND toUInt64(${AT_NS}) IN ${moments}`;
}

/** Whether the moments lie so close together that what is around them is soon read. */
export function isNear(times: readonly bigint[]): boolean {
  return bucketsOf(times).length <= NEAR;
}

/** The five minutes in which they lie, epoch seconds. */
function bucketsOf(times: readonly bigint[]): bigint[] {
  return [...new Set(times.map((nanos) => (nanos / 300_000_000_000n) * 300n))];
}
