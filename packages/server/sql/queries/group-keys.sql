-- The sessions or tasks that were active in one stretch of time, by their newest rows in it. One that was
-- active later as well can be among them; the caller tells by its whole sums.
-- in:  which column is the id; window_from, window_to UInt32, whole minutes in epoch seconds; most UInt32
-- out: id; last_bucket in epoch seconds, last_ns; newest first
SELECT
  /*:id*/ AS id,
  toUnixTimestamp(max(bucket)) AS last_bucket,
  toUnixTimestamp64Nano(max(traces.end_time)) AS last_ns
FROM traces
WHERE bucket >= toDateTime({window_from:UInt32}, 'UTC') AND bucket < toDateTime({window_to:UInt32}, 'UTC')
  AND id != '' /*:conditions*/
GROUP BY id
HAVING true /*:after*/
ORDER BY last_bucket DESC, last_ns DESC, id DESC
LIMIT {most:UInt32}
