-- The sums over five minutes added up by point of time and what else is asked. A span that starts at a point itself is
-- among those behind it here, and those that run are in no sum.
-- in:  first_s, step_s Int64: the first point and how far they are apart, in seconds, both whole stretches of five
-- minutes; after_s, until_s UInt32, between which the sums are; what is added up, further columns, which rows, and what
-- else rows are grouped by
-- out: one row per point, and per group: point, the number of the point, number, and the further columns
SELECT
  toUInt32(intDiv(toInt64(toUnixTimestamp(bucket)) - {first_s:Int64} + {step_s:Int64}, {step_s:Int64})) AS point,
  toFloat64(sum(/*:measured*/)) AS number
  /*:columns*/
FROM span_stats
WHERE bucket >= toDateTime({after_s:UInt32}, 'UTC') AND bucket < toDateTime({until_s:UInt32}, 'UTC') /*:rows*/
GROUP BY point /*:keys*/
