-- The newest of some traces. Where only a stretch of time was looked at, a trace that began earlier can be
-- among them, with the start of its first rows in the stretch; the caller tells by its whole summary.
-- in:  which rows of `traces` to look at; most UInt32
-- out: id (hex), start_ns; has_error, is_rootless 0 or 1, going by these rows; newest first
SELECT
  lower(hex(trace_id)) AS id,
  toUnixTimestamp64Nano(min(traces.start_time)) AS start_ns,
  sum(traces.error_count) > 0 AS has_error,
  max(traces.root_name) = '' AND max(traces.root_service) = '' AS is_rootless
FROM traces
WHERE true /*:rows*/ /*:span_conditions*/
GROUP BY trace_id
HAVING true /*:summary_conditions*/
ORDER BY start_ns DESC, trace_id DESC
LIMIT {most:UInt32}
