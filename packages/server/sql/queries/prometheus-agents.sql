-- Calls, durations, tokens and cost of what agents did in some batches, by who did it with what; the most frequent ones.
-- in:  after_batch, through_batch UInt64; from_day UInt32, days since the epoch; bounds Array(Int64), of buckets, in
--      nanoseconds, ascending, after a -1; most UInt32
-- out: service, agent, type, provider, model, tool, status, bound (the greatest that is exceeded), calls, total_ns,
--      sums of tokens and cost, one span of them with its length and end; all_calls is the sum of calls, also of rows
--      that were too many
SELECT
  service, agent, type, provider, model, tool, status, bound, calls, total_ns,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost_usd,
  sum(calls) OVER () AS all_calls,
  lower(hex(example.1)) AS trace_id,
  lower(hex(example.2)) AS span_id,
  example.3 AS example_ns,
  example.4 + example.3 AS ended_ns
FROM (
  SELECT
    leftUTF8(spans.service_name, 256) AS service,
    leftUTF8(spans.agent_name, 256) AS agent,
    leftUTF8(spans.span_type, 256) AS type,
    leftUTF8(spans.provider, 256) AS provider,
    leftUTF8(spans.model, 256) AS model,
    leftUTF8(spans.tool_name, 256) AS tool,
    status_code AS status,
    roundDown(greatest(duration_ns, 0) - 1, {bounds:Array(Int64)}) AS bound,
    count() AS calls,
    sum(toFloat64(greatest(duration_ns, 0))) AS total_ns,
    sum(spans.input_tokens * usage_counts) AS input_tokens,
    sum(spans.output_tokens * usage_counts) AS output_tokens,
    sum(spans.cache_read_tokens * usage_counts) AS cache_read_tokens,
    sum(spans.cache_write_tokens * usage_counts) AS cache_write_tokens,
    sum(spans.reasoning_tokens * usage_counts) AS reasoning_tokens,
    sum(spans.cost_usd * usage_counts) AS cost_usd,
    any((trace_id, span_id, greatest(duration_ns, 0), toUnixTimestamp64Nano(start_time))) AS example
  FROM spans
  WHERE batch_id > {after_batch:UInt64} AND batch_id <= {through_batch:UInt64}
    AND received_day >= toDate({from_day:UInt32}) AND NOT is_running AND spans.span_type != ''
  GROUP BY service, agent, type, provider, model, tool, status, bound
)
ORDER BY calls DESC, service, agent, type, provider, model, tool, status, bound
LIMIT {most:UInt32}
