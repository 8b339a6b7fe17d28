-- The newest traces of a stretch of time that may match. One that began earlier can be among them, with the start of
-- its first rows in the stretch; the caller tells by its whole summary.
-- in:  which rows of `traces`, which starts; most UInt32
-- out: id (hex), start_ns; newest first
SELECT lower(hex(trace_id)) AS id, toUnixTimestamp64Nano(min(traces.start_time)) AS start_ns
FROM traces
WHERE true /*:rows*/
GROUP BY trace_id
HAVING true /*:starts*/
ORDER BY start_ns DESC, trace_id DESC
LIMIT {most:UInt32}
