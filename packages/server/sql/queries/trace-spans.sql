-- Every span of one trace without its payload, oldest first; a span that was sent twice comes once. Columns
-- are given as they are stored, which is planned faster than expressions.
-- in:  trace_id String, hex; most UInt32
-- out: one row per span; it starts start_s seconds and start_ns nanoseconds after the epoch
WITH (
  SELECT (min(start_time), max(end_time))
  FROM traces
  WHERE trace_id = toFixedString(unhex({trace_id:String}), 16)
) AS bounds
SELECT
  lower(hex(span_id)) AS id,
  lower(hex(parent_span_id)) AS parent_id,
  intDiv(toUnixTimestamp64Nano(start_time), 1000000000) AS start_s,
  toUnixTimestamp64Nano(start_time) % 1000000000 AS start_ns,
  duration_ns,
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
  cost_usd,
  time_to_first_token_ns,
  usage_counts,
  notEmpty(content) AS has_content,
  notEmpty(events.name) AS has_events,
  notEmpty(links.trace_id) AS has_links
FROM spans
WHERE start_time >= bounds.1
  AND start_time <= bounds.2
  AND xxHash32(trace_id) = xxHash32(toFixedString(unhex({trace_id:String}), 16))
  AND trace_id = toFixedString(unhex({trace_id:String}), 16)
ORDER BY start_time, span_id
LIMIT 1 BY span_id, start_time, duration_ns
LIMIT {most:UInt32}
