-- Every span of one trace without its payload, oldest first; a span that was sent twice comes once.
-- in:  trace_id String, hex; from_ns, to_ns Int64, between which its spans start; most UInt32
-- out: one row per span; start_us is relative to from_ns
SELECT
  lower(hex(span_id)) AS id,
  lower(hex(parent_span_id)) AS parent_id,
  (toUnixTimestamp64Nano(start_time) - {from_ns:Int64}) / 1000 AS start_us,
  duration_ns / 1000 AS dur_us,
  name,
  kind,
  service_name,
  span_type,
  agent_name,
  provider,
  model,
  tool_name,
  status_code,
  error_type,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_write_tokens,
  reasoning_tokens,
  round(cost_usd * 1000000, 3) AS cost_micro,
  time_to_first_token_ns / 1000 AS ttft_us,
  notEmpty(content) + 2 * notEmpty(events.name) + 4 * notEmpty(links.trace_id) + 16 * usage_counts AS flags,
  arrayMap((trace, span) -> (lower(hex(trace)), lower(hex(span))), links.trace_id, links.span_id) AS links
FROM spans
WHERE start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to_ns:Int64}, 'UTC')
  AND xxHash32(trace_id) = xxHash32(toFixedString(unhex({trace_id:String}), 16))
  AND trace_id = toFixedString(unhex({trace_id:String}), 16)
ORDER BY start_time, span_id
LIMIT 1 BY span_id, start_time, duration_ns
LIMIT {most:UInt32}
