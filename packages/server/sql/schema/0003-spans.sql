-- One row per span. Partitioned by the day it was received, so that a wrong clock cannot open
-- hundreds of partitions and an imported old trace is kept as long as a new one.
-- An insert makes a part of few files (compact); merges make wide ones, a column at a
-- time. A high merge_selector_base merges more parts at once and so each row less often.
-- attribute_types has one character per attribute in the order sent (see docs/decisions): lower case
-- for a value in `attributes`, upper case for one in `content` (prompts, completions, tool payloads).
-- sharding: xxHash64(trace_id)
CREATE TABLE spans (
  received_day Date,
  batch_id UInt64 CODEC(Delta(8), ZSTD(1)),
  start_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
  duration_ns Int64 CODEC(T64, ZSTD(1)),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(NONE),
  parent_span_id FixedString(8) CODEC(ZSTD(1)),
  trace_state String CODEC(ZSTD(1)),
  flags UInt32 CODEC(ZSTD(1)),
  name LowCardinality(String),
  kind UInt8,
  status_code UInt8,
  status_message String CODEC(ZSTD(1)),
  service_name LowCardinality(String),
  resource_id UInt64 CODEC(ZSTD(1)),
  scope_id UInt64 CODEC(ZSTD(1)),
  attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  content Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  attribute_types String CODEC(ZSTD(1)),
  dropped_attributes_count UInt32,
  events Nested (
    time DateTime64(9, 'UTC'),
    name LowCardinality(String),
    attributes Map(LowCardinality(String), String),
    attribute_types String,
    dropped_attributes_count UInt32
  ) CODEC(ZSTD(1)),
  dropped_events_count UInt32,
  links Nested (
    trace_id FixedString(16),
    span_id FixedString(8),
    trace_state String,
    flags UInt32,
    attributes Map(LowCardinality(String), String),
    attribute_types String,
    dropped_attributes_count UInt32
  ) CODEC(ZSTD(1)),
  dropped_links_count UInt32,
  span_type LowCardinality(String),
  agent_name LowCardinality(String),
  agent_id LowCardinality(String),
  provider LowCardinality(String),
  model LowCardinality(String),
  tool_name LowCardinality(String),
  error_type LowCardinality(String),
  input_tokens UInt32 CODEC(T64, ZSTD(1)),
  output_tokens UInt32 CODEC(T64, ZSTD(1)),
  cache_read_tokens UInt32 CODEC(T64, ZSTD(1)),
  cache_write_tokens UInt32 CODEC(T64, ZSTD(1)),
  reasoning_tokens UInt32 CODEC(T64, ZSTD(1)),
  cost_usd Float64 CODEC(ZSTD(1)),
  time_to_first_token_ns UInt64 CODEC(T64, ZSTD(1)),
  usage_counts UInt8,
  session_id String CODEC(ZSTD(1)),
  conversation_id String CODEC(ZSTD(1)),
  task_id String CODEC(ZSTD(1)),
  test_case_id String CODEC(ZSTD(1)),
  test_run_id String CODEC(ZSTD(1)),
  user_id String CODEC(ZSTD(1)),
  attribute_hashes Array(UInt64) ALIAS arrayMap((key, value) -> cityHash64(key, value), mapKeys(attributes), mapValues(attributes)),
  INDEX spans_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX spans_session session_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX spans_conversation conversation_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX spans_task task_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX spans_test_case test_case_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX spans_test_run test_run_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX spans_user user_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX spans_attribute attribute_hashes TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX spans_duration duration_ns TYPE minmax GRANULARITY 1,
  INDEX spans_batch batch_id TYPE minmax GRANULARITY 64
)
ENGINE = MergeTree
PARTITION BY received_day
ORDER BY (toStartOfFifteenMinutes(start_time), xxHash32(trace_id), start_time)
SETTINGS index_granularity = 8192, min_bytes_for_wide_part = 150000000, merge_selector_base = 12
