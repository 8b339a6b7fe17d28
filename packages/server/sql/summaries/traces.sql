-- What spans say of their traces, as `traces` has it: the same as ingest says of the spans of a batch. Used where that
-- may not have arrived. A span that is still running counts for nothing until it has ended, but its trace is known.
-- in:  which spans
INSERT INTO traces (
  received_day, bucket, trace_id, start_time, end_time, span_count, error_count, model_call_count,
  tool_call_count, root_name, root_service, root_status, root_duration_ns, root_ended, services,
  agents, models, session_id, conversation_id, task_id, test_case_id, test_run_id, user_id,
  input_tokens, output_tokens, cache_read_tokens, cost_usd
)
SELECT
  received_day,
  toStartOfMinute(min(spans.start_time)) AS bucket,
  trace_id,
  min(spans.start_time) AS start_time,
  fromUnixTimestamp64Nano(max(toUnixTimestamp64Nano(spans.start_time) + greatest(duration_ns, 0)), 'UTC') AS end_time,
  countIf(NOT is_running) AS span_count,
  countIf(status_code = 2 AND NOT is_running) AS error_count,
  sum(spans.usage_counts) AS model_call_count,
  countIf(span_type = 'tool' AND NOT is_running) AS tool_call_count,
  maxIf(toString(name), parent_span_id = toFixedString('', 8)) AS root_name,
  maxIf(toString(service_name), parent_span_id = toFixedString('', 8)) AS root_service,
  maxIf(status_code, parent_span_id = toFixedString('', 8)) AS root_status,
  maxIf(duration_ns, parent_span_id = toFixedString('', 8) AND NOT is_running) AS root_duration_ns,
  countIf(parent_span_id = toFixedString('', 8) AND NOT is_running) > 0 AS root_ended,
  groupUniqArray(toString(service_name)) AS services,
  groupUniqArrayIf(toString(agent_name), agent_name != '') AS agents,
  groupUniqArrayIf(toString(model), model != '') AS models,
  max(spans.session_id) AS session_id,
  max(spans.conversation_id) AS conversation_id,
  max(spans.task_id) AS task_id,
  max(spans.test_case_id) AS test_case_id,
  max(spans.test_run_id) AS test_run_id,
  max(spans.user_id) AS user_id,
  sum(spans.input_tokens * usage_counts) AS input_tokens,
  sum(spans.output_tokens * usage_counts) AS output_tokens,
  sum(spans.cache_read_tokens * usage_counts) AS cache_read_tokens,
  sum(spans.cost_usd * usage_counts) AS cost_usd
FROM spans
WHERE /*:which*/
GROUP BY received_day, trace_id
