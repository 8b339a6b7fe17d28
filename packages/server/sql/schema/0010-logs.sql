-- One row per log record. body_type and attribute_types use the characters of spans.attribute_types.
-- sharding: xxHash64(trace_id)
CREATE TABLE logs (
  received_day Date,
  batch_id UInt64 CODEC(Delta(8), ZSTD(1)),
  time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
  observed_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(ZSTD(1)),
  flags UInt32 CODEC(ZSTD(1)),
  severity_number UInt8,
  severity_text LowCardinality(String),
  event_name LowCardinality(String),
  body String CODEC(ZSTD(1)),
  body_type LowCardinality(String),
  service_name LowCardinality(String),
  resource_id UInt64 CODEC(ZSTD(1)),
  scope_id UInt64 CODEC(ZSTD(1)),
  attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  content Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  attribute_types String CODEC(ZSTD(1)),
  dropped_attributes_count UInt32,
  session_id String CODEC(ZSTD(1)),
  conversation_id String CODEC(ZSTD(1)),
  task_id String CODEC(ZSTD(1)),
  test_case_id String CODEC(ZSTD(1)),
  test_run_id String CODEC(ZSTD(1)),
  user_id String CODEC(ZSTD(1)),
  attribute_hashes Array(UInt64) ALIAS arrayMap((key, value) -> cityHash64(key, value), mapKeys(attributes), mapValues(attributes)),
  INDEX logs_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX logs_session session_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX logs_test_case test_case_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX logs_attribute attribute_hashes TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX logs_batch batch_id TYPE minmax GRANULARITY 64
)
ENGINE = MergeTree
PARTITION BY received_day
ORDER BY (toStartOfFiveMinutes(time), service_name, time)
