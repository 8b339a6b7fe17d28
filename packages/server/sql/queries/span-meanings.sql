-- What the attributes of the spans with one id were understood to mean, in the order of whole-spans.sql.
-- in:  which rows of `spans`
-- out: one row per span, oldest first
SELECT
  span_type,
  agent_name,
  agent_id,
  provider,
  model,
  tool_name,
  error_type,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_write_tokens,
  reasoning_tokens,
  cost_usd,
  time_to_first_token_ns / 1000000 AS time_to_first_token_ms,
  session_id,
  conversation_id,
  task_id,
  test_case_id,
  test_run_id,
  user_id
FROM spans
WHERE true /*:rows*/
ORDER BY start_time, span_id, trace_id, is_running, duration_ns DESC
LIMIT 1 BY trace_id, span_id, start_time, duration_ns
