-- Every span of one trace without its payload. A span that was sent twice comes twice, in any order: sorting here
-- costs more than the caller's.
-- in:  trace_id String, hex; most UInt32; more columns; which rows of `spans`; the order, where that matters
-- out: one row per span; it starts start_s seconds and start_ns nanoseconds after the epoch; ids are upper-case hex
SELECT
  hex(span_id) AS id,
  hex(parent_span_id) AS parent_id,
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
  is_running,
  notEmpty(content) AS has_content,
  notEmpty(events.name) AS has_events,
  arrayMap(id -> hex(id), links.trace_id) AS link_traces,
  arrayMap(id -> hex(id), links.span_id) AS link_spans /*:columns*/
FROM spans
PREWHERE trace_id = toFixedString(unhex({trace_id:String}), 16) /*:rows*/
/*:order*/
LIMIT {most:UInt32}
