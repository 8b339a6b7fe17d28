-- The partial summaries of some traces; the caller adds them up, which is faster than planning so many sums.
-- in:  a SELECT of their trace_id
-- out: one or more rows per trace
SELECT
  lower(hex(trace_id)) AS id,
  toUnixTimestamp64Nano(start_time) AS start_ns,
  toUnixTimestamp64Nano(end_time) AS end_ns,
  span_count,
  error_count,
  model_call_count,
  tool_call_count,
  root_name,
  root_service,
  root_status,
  root_ended,
  services,
  agents,
  models,
  session_id AS session,
  conversation_id AS conversation,
  task_id AS task,
  test_case_id AS testCase,
  test_run_id AS testRun,
  user_id AS user,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cost_usd
FROM traces
WHERE trace_id IN (/*:traces*/)
