-- What each stream of points of a histogram or summary says in each step of time.
-- in:  which rows of `metric_points`; the label of a row; first, step Int64: Unix nanoseconds, nanoseconds; most UInt32
-- out: stream: what is one stream with the same buckets, a hash; step_index: 0 for the step that ends at `first`; label;
--      bounds of the buckets (explicit), or scale and offset of the first one with the count of what is 0;
--      last_buckets, last_zeros, total_buckets, total_zeros; start_ns of the last; is_delta 0 or 1;
--      quantiles and quantile_values of the last: in order of time
SELECT
  toString(cityHash64(
    resource_id, scope_id, mapKeys(attributes), mapValues(attributes), explicit_bounds, scale, positive_offset
  )) AS stream,
  toInt32(intDiv(toUnixTimestamp64Nano(time) - {first:Int64} + 2 * {step:Int64} - 1, {step:Int64}) - 1) AS step_index,
  any(/*:label*/) AS label,
  any(explicit_bounds) AS bounds,
  any(scale) AS bucket_scale,
  any(positive_offset) AS bucket_offset,
  arrayMap(x -> toFloat64(x), argMax(if(kind = 'histogram', bucket_counts, positive_bucket_counts), time)) AS last_buckets,
  toFloat64(argMax(zero_count, time)) AS last_zeros,
  arrayMap(x -> toFloat64(x), sumForEach(if(kind = 'histogram', bucket_counts, positive_bucket_counts))) AS total_buckets,
  toFloat64(sum(zero_count)) AS total_zeros,
  toUnixTimestamp64Nano(argMax(start_time, time)) AS start_ns,
  toUInt8(any(aggregation_temporality) = 1) AS is_delta,
  argMax(metric_points.quantiles, time) AS quantiles,
  argMax(metric_points.quantile_values, time) AS quantile_values
FROM metric_points
WHERE true /*:rows*/
GROUP BY stream, step_index
ORDER BY step_index
LIMIT {most:UInt32}
