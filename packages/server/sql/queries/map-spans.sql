-- Spans of some traces, as far as it takes to tell who called whom; rows that were sent twice come twice, in any order.
-- The conditions on quarters of an hour say no more than the others, and are those that the primary key can use.
-- in:  ids String, hex, one after the other; from_ns, to_ns Int64, between which these traces lie; most UInt32
-- out: one row per span, ids as bytes
SELECT
  trace_id,
  span_id,
  parent_span_id,
  toUnixTimestamp64Nano(start_time) AS start_ns,
  duration_ns,
  name,
  kind,
  status_code,
  service_name,
  span_type,
  agent_name,
  tool_name,
  model,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cost_usd,
  usage_counts,
  is_running,
  links.trace_id AS link_traces,
  links.span_id AS link_spans
FROM spans
PREWHERE toStartOfFifteenMinutes(start_time) >= toStartOfFifteenMinutes(fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC'))
  AND toStartOfFifteenMinutes(start_time) <= toStartOfFifteenMinutes(fromUnixTimestamp64Nano({to_ns:Int64}, 'UTC'))
  AND trace_id IN extractAll(unhex({ids:String}), '(?s)\\C{16}')
LIMIT {most:UInt32}
