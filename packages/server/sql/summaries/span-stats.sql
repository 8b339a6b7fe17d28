-- What spans add up to, as `span_stats` has it: the same as ingest says of the spans of a batch. Used where that may not
-- have arrived. A span that is still running has no duration yet.
-- in:  which spans
INSERT INTO span_stats (
  bucket, service_name, agent_name, model, tool_name, span_type, kind, duration_bucket,
  received_day, call_count, error_count, duration_sum_ns, input_tokens, output_tokens, cost_usd
)
SELECT
  toStartOfFiveMinutes(start_time) AS bucket,
  service_name, agent_name, model, tool_name, span_type, kind,
  toUInt8(floor(4 * log2(greatest(duration_ns, 0) + 1))) AS duration_bucket,
  max(spans.received_day) AS received_day,
  count() AS call_count,
  countIf(status_code = 2) AS error_count,
  sum(toUInt64(greatest(duration_ns, 0))) AS duration_sum_ns,
  sum(spans.input_tokens * usage_counts) AS input_tokens,
  sum(spans.output_tokens * usage_counts) AS output_tokens,
  sum(spans.cost_usd * usage_counts) AS cost_usd
FROM spans
WHERE NOT is_running AND (/*:which*/)
GROUP BY bucket, service_name, agent_name, model, tool_name, span_type, kind, duration_bucket
