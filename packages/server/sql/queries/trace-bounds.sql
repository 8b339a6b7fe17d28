-- When one trace begins and ends, and the ids its spans carry.
-- in:  trace_id String, hex
-- out: one row; is_stored is 0 when nothing of the trace is, span_count leaves out spans that are still running, ids are empty text where there is none
SELECT
  toUnixTimestamp64Nano(min(traces.start_time)) AS start_ns,
  toUnixTimestamp64Nano(max(traces.end_time)) AS end_ns,
  count() > 0 AS is_stored,
  sum(traces.span_count) AS span_count,
  max(traces.session_id) AS session,
  max(traces.conversation_id) AS conversation,
  max(traces.task_id) AS task,
  max(traces.test_case_id) AS testCase,
  max(traces.test_run_id) AS testRun,
  max(traces.user_id) AS user
FROM traces
WHERE trace_id = toFixedString(unhex({trace_id:String}), 16)
