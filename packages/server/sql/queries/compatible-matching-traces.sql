-- Traces with a span in a stretch of time for which a condition holds, by the newest such span.
-- in:  from_ns, to_ns Int64: from inclusive, to exclusive; the condition; most UInt32
-- out: id (hex), newest first
SELECT lower(hex(trace_id)) AS id
FROM spans
WHERE start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to_ns:Int64}, 'UTC') /*:condition*/
GROUP BY trace_id
ORDER BY max(start_time) DESC, trace_id DESC
LIMIT {most:UInt32}
