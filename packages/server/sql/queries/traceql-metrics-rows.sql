-- How many spans start when, in stretches of time.
-- in:  first_quarter, last_quarter UInt32, epoch seconds, both inclusive; width UInt32, the length of a stretch in seconds
-- out: one row per stretch that has spans: start in epoch seconds, row_count
SELECT intDiv(toUnixTimestamp(bucket), {width:UInt32}) * {width:UInt32} AS start, toUInt64(sum(call_count)) AS row_count
FROM span_stats
WHERE bucket >= toDateTime({first_quarter:UInt32}, 'UTC')
  AND bucket < toDateTime({last_quarter:UInt32}, 'UTC') + 900
GROUP BY start
ORDER BY start DESC
