-- When some traces begin, as far as their rows in a stretch of time tell; one that began earlier does so there.
-- in:  which rows of `traces`
-- out: id (hex), start_ns; newest first
SELECT lower(hex(trace_id)) AS id, toUnixTimestamp64Nano(min(traces.start_time)) AS start_ns
FROM traces
WHERE true /*:rows*/
GROUP BY trace_id
ORDER BY start_ns DESC, trace_id DESC
