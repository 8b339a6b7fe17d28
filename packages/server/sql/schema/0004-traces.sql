-- One summary per trace, in as many partial rows as inserts brought spans of it: every reader groups
-- by trace_id. `bucket` is the minute of the earliest span of a partial row. Token and cost sums count
-- model spans without a model span below them (usage_counts).
-- sharding: xxHash64(trace_id)
CREATE TABLE traces (
  received_day Date,
  bucket DateTime('UTC'),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  start_time SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
  end_time SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
  span_count SimpleAggregateFunction(sum, UInt64),
  error_count SimpleAggregateFunction(sum, UInt64),
  model_call_count SimpleAggregateFunction(sum, UInt64),
  tool_call_count SimpleAggregateFunction(sum, UInt64),
  root_name SimpleAggregateFunction(max, String),
  root_service SimpleAggregateFunction(max, String),
  root_status SimpleAggregateFunction(max, UInt8),
  root_duration_ns SimpleAggregateFunction(max, Int64),
  services SimpleAggregateFunction(groupUniqArrayArray, Array(String)),
  agents SimpleAggregateFunction(groupUniqArrayArray, Array(String)),
  models SimpleAggregateFunction(groupUniqArrayArray, Array(String)),
  session_id SimpleAggregateFunction(max, String),
  conversation_id SimpleAggregateFunction(max, String),
  task_id SimpleAggregateFunction(max, String),
  test_case_id SimpleAggregateFunction(max, String),
  test_run_id SimpleAggregateFunction(max, String),
  user_id SimpleAggregateFunction(max, String),
  input_tokens SimpleAggregateFunction(sum, UInt64),
  output_tokens SimpleAggregateFunction(sum, UInt64),
  cache_read_tokens SimpleAggregateFunction(sum, UInt64),
  cost_usd SimpleAggregateFunction(sum, Float64),
  INDEX traces_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = AggregatingMergeTree
PARTITION BY received_day
ORDER BY (bucket, trace_id)
SETTINGS merge_selector_base = 12
