-- The same as `traceql-metrics`, but rows that were stored twice count once. Every row that counts is remembered meanwhile,
-- and in a cluster it is sent to one server first.
-- in:  first_ns, step_ns Int64: the first point, and how far they are apart; after_ns (exclusive), until_ns (inclusive)
-- Int64, between which spans start, and the quarters of these, first_quarter, last_quarter UInt32; further columns,
-- which rows, and what else rows are grouped by
-- out: one row per point that has spans, and per group: point, the number of the point, and the further columns
SELECT
  toUInt32(intDiv(toUnixTimestamp64Nano(start_time) - {first_ns:Int64} + {step_ns:Int64} - 1, {step_ns:Int64})) AS point
  /*:columns*/
FROM (
  SELECT *
  FROM spans
  PREWHERE toStartOfFifteenMinutes(start_time) >= toDateTime({first_quarter:UInt32}, 'UTC')
    AND toStartOfFifteenMinutes(start_time) <= toDateTime({last_quarter:UInt32}, 'UTC')
    AND start_time > fromUnixTimestamp64Nano({after_ns:Int64}, 'UTC')
    AND start_time <= fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
  WHERE true /*:rows*/
  LIMIT 1 BY trace_id, span_id, start_time, duration_ns
)
GROUP BY point /*:keys*/
