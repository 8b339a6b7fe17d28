-- The five minutes down to which the newest rows of `logs` before a moment reach.
-- in:  window_to, floor UInt32, whole minutes in epoch seconds; window_rows UInt32
-- out: one row: window_from in epoch seconds, and row_count, less than window_rows when there are no more
SELECT toUnixTimestamp(min(bucket)) AS window_from, toUInt32(count()) AS row_count
FROM (
  SELECT toStartOfFiveMinutes(time) AS bucket
  FROM logs
  WHERE toStartOfFiveMinutes(time) < toDateTime({window_to:UInt32}, 'UTC')
    AND toStartOfFiveMinutes(time) >= toStartOfFiveMinutes(toDateTime({floor:UInt32}, 'UTC'))
  ORDER BY toStartOfFiveMinutes(time) DESC
  LIMIT {window_rows:UInt32}
)
