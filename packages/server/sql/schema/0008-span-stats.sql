-- Rate, errors and durations in five-minute buckets. duration_bucket is floor(4 * log2(duration_ns + 1)):
-- four buckets to a doubling, so a quantile read from it is within 9 % of the true one.
-- sharding: xxHash64(service_name)
CREATE TABLE span_stats (
  bucket DateTime('UTC'),
  service_name LowCardinality(String),
  agent_name LowCardinality(String),
  model LowCardinality(String),
  tool_name LowCardinality(String),
  span_type LowCardinality(String),
  kind UInt8,
  duration_bucket UInt8,
  received_day SimpleAggregateFunction(max, Date),
  call_count SimpleAggregateFunction(sum, UInt64),
  error_count SimpleAggregateFunction(sum, UInt64),
  duration_sum_ns SimpleAggregateFunction(sum, UInt64),
  input_tokens SimpleAggregateFunction(sum, UInt64),
  output_tokens SimpleAggregateFunction(sum, UInt64),
  cost_usd SimpleAggregateFunction(sum, Float64)
)
ENGINE = AggregatingMergeTree
ORDER BY (bucket, service_name, agent_name, model, tool_name, span_type, kind, duration_bucket)
SETTINGS merge_selector_base = 12
