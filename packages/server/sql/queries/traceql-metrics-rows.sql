-- How many spans start in which five minutes.
-- in:  first_quarter, last_quarter UInt32: the quarters of an hour of the time, in epoch seconds, both inclusive
-- out: one row per five minutes that have spans, newest first: start in epoch seconds, row_count
SELECT toUnixTimestamp(bucket) AS start, toUInt64(sum(call_count)) AS row_count
FROM span_stats
WHERE bucket >= toDateTime({first_quarter:UInt32}, 'UTC')
  AND bucket < toDateTime({last_quarter:UInt32}, 'UTC') + 900
GROUP BY start
ORDER BY start DESC
