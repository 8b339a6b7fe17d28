-- A span that is still running is told with the end time 0: it counts for nothing until it has ended, but its
-- trace is known. Its duration is then minus its start, some -1.8e18; one comparison tells that at a sixth of the
-- processor time of the exact sum.
ALTER TABLE traces_mv MODIFY QUERY
WITH duration_ns > -1000000000000000000 AS ended
SELECT
  received_day,
  toStartOfMinute(min(spans.start_time)) AS bucket,
  trace_id,
  min(spans.start_time) AS start_time,
  fromUnixTimestamp64Nano(max(toUnixTimestamp64Nano(spans.start_time) + greatest(duration_ns, 0)), 'UTC') AS end_time,
  countIf(ended) AS span_count,
  countIf(status_code = 2 AND ended) AS error_count,
  sumIf(spans.usage_counts, ended) AS model_call_count,
  countIf(span_type = 'tool' AND ended) AS tool_call_count,
  maxIf(toString(name), parent_span_id = toFixedString('', 8)) AS root_name,
  maxIf(toString(service_name), parent_span_id = toFixedString('', 8)) AS root_service,
  maxIf(status_code, parent_span_id = toFixedString('', 8)) AS root_status,
  maxIf(if(ended, duration_ns, 0), parent_span_id = toFixedString('', 8)) AS root_duration_ns,
  groupUniqArray(toString(service_name)) AS services,
  groupUniqArrayIf(toString(agent_name), agent_name != '') AS agents,
  groupUniqArrayIf(toString(model), model != '') AS models,
  max(spans.session_id) AS session_id,
  max(spans.conversation_id) AS conversation_id,
  max(spans.task_id) AS task_id,
  max(spans.test_case_id) AS test_case_id,
  max(spans.test_run_id) AS test_run_id,
  max(spans.user_id) AS user_id,
  sumIf(spans.input_tokens * usage_counts, ended) AS input_tokens,
  sumIf(spans.output_tokens * usage_counts, ended) AS output_tokens,
  sumIf(spans.cache_read_tokens * usage_counts, ended) AS cache_read_tokens,
  sumIf(spans.cost_usd * usage_counts, ended) AS cost_usd
FROM spans
GROUP BY received_day, trace_id
