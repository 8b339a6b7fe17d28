-- Traces that begin in a stretch of time, as their summaries say.
-- in:  which rows of `traces` lead to them; from_ns, to_ns Int64: from inclusive, to exclusive
-- out: trace_id (bytes), start_ns, end_ns, span_count (what is running left out, what was sent twice twice); newest first
SELECT
  trace_id,
  toUnixTimestamp64Nano(min(traces.start_time)) AS start_ns,
  toUnixTimestamp64Nano(max(traces.end_time)) AS end_ns,
  sum(traces.span_count) AS span_count
FROM traces
WHERE trace_id IN (/*:traces*/)
GROUP BY trace_id
HAVING start_ns >= {from_ns:Int64} AND start_ns < {to_ns:Int64}
ORDER BY start_ns DESC, trace_id DESC
