-- From where on a stretch of time holds about so many spans: the newest quarter of an hour, and the ones before it
-- until there are as many.
-- in:  from_ns, to_ns Int64: from inclusive, to exclusive; most UInt64
-- out: one row: from_ns, 0 when there are no spans
SELECT toUnixTimestamp(min(slice)) * toInt64(1000000000) AS from_ns
FROM (
  SELECT slice, spans_of, sum(spans_of) OVER (ORDER BY slice DESC) AS spans_since
  FROM (
    SELECT toStartOfFifteenMinutes(start_time) AS slice, count() AS spans_of
    FROM spans
    WHERE start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
      AND start_time < fromUnixTimestamp64Nano({to_ns:Int64}, 'UTC')
    GROUP BY slice
  )
)
WHERE spans_since - spans_of < {most:UInt64}
