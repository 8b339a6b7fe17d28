-- Whether some span that starts within a time was told of while it ran.
-- in:  after_ns (exclusive), until_ns (inclusive) Int64, and the quarters of an hour of these, first_quarter,
-- last_quarter UInt32
-- out: one row, or none
SELECT 1 AS found
FROM spans
PREWHERE toStartOfFifteenMinutes(start_time) >= toDateTime({first_quarter:UInt32}, 'UTC')
  AND toStartOfFifteenMinutes(start_time) <= toDateTime({last_quarter:UInt32}, 'UTC')
  AND is_running = 1
WHERE start_time > fromUnixTimestamp64Nano({after_ns:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
LIMIT 1
