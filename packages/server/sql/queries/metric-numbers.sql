-- What each stream of points of a gauge or sum says in each step of time.
-- in:  which rows of `metric_points`; the label of a row; first, step Int64: Unix nanoseconds, nanoseconds; most UInt32
-- out: stream: what is one stream, a hash; step_index: 0 for the step that ends at `first`; label; last_value; total;
--      start_ns of the last; is_delta, is_monotonic 0 or 1: in order of time
SELECT
  toString(cityHash64(resource_id, scope_id, mapKeys(attributes), mapValues(attributes))) AS stream,
  toInt32(intDiv(toUnixTimestamp64Nano(time) - {first:Int64} + 2 * {step:Int64} - 1, {step:Int64}) - 1) AS step_index,
  any(/*:label*/) AS label,
  argMax(if(value_type = 'i', toFloat64(value_int), value), time) AS last_value,
  sum(if(value_type = 'i', toFloat64(value_int), value)) AS total,
  toUnixTimestamp64Nano(argMax(start_time, time)) AS start_ns,
  toUInt8(any(aggregation_temporality) = 1) AS is_delta,
  toUInt8(any(is_monotonic)) AS is_monotonic
FROM metric_points
WHERE value_type != '' /*:rows*/
GROUP BY stream, step_index
ORDER BY step_index
LIMIT {most:UInt32}
