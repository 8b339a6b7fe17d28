-- When one trace begins and ends.
-- in:  trace_id String, hex
-- out: one row; span_count is 0 when nothing of the trace is stored
SELECT
  toUnixTimestamp64Nano(min(traces.start_time)) AS start_ns,
  toUnixTimestamp64Nano(max(traces.end_time)) AS end_ns,
  sum(traces.span_count) AS span_count
FROM traces
WHERE trace_id = toFixedString(unhex({trace_id:String}), 16)
