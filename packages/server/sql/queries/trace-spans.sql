-- Every span of one trace without its payload, oldest first; a span that was sent twice comes once. Columns
-- are given as they are stored, which is planned faster than expressions.
-- in:  trace_id String, hex; from_ns, to_ns Int64, between which its spans start; most UInt32
-- out: one row per span; start_ns is relative to from_ns
SELECT
  lower(hex(span_id)) AS id,
  lower(hex(parent_span_id)) AS parent_id,
  toUnixTimestamp64Nano(start_time) - {from_ns:Int64} AS start_ns,
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
WHERE start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to_ns:Int64}, 'UTC')
  AND xxHash32(trace_id) = xxHash32(toFixedString(unhex({trace_id:String}), 16))
  AND trace_id = toFixedString(unhex({trace_id:String}), 16)
ORDER BY start_time, span_id
LIMIT 1 BY span_id, start_time, duration_ns
LIMIT {most:UInt32}
