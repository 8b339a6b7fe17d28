-- One row per data point of the five OTLP metric kinds. A column that a kind does not have is empty.
-- value_type: 'd' value was a double, 'i' an int (its text is exact in value_int), '' none.
-- present: bit 0 sum, 1 min, 2 max, the optional fields that were set.
-- sharding: resource_id
CREATE TABLE metric_points (
  received_day Date,
  batch_id UInt64 CODEC(Delta(8), ZSTD(1)),
  name LowCardinality(String),
  kind Enum8('gauge' = 1, 'sum' = 2, 'histogram' = 3, 'exponential_histogram' = 4, 'summary' = 5),
  unit LowCardinality(String),
  description LowCardinality(String),
  metadata Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  metadata_types String CODEC(ZSTD(1)),
  service_name LowCardinality(String),
  resource_id UInt64 CODEC(ZSTD(1)),
  scope_id UInt64 CODEC(ZSTD(1)),
  attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  attribute_types String CODEC(ZSTD(1)),
  start_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
  time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
  flags UInt32,
  aggregation_temporality UInt8,
  is_monotonic UInt8,
  value Float64 CODEC(ZSTD(1)),
  value_int Int64 CODEC(ZSTD(1)),
  value_type LowCardinality(String),
  count UInt64 CODEC(T64, ZSTD(1)),
  sum Float64 CODEC(ZSTD(1)),
  min Float64 CODEC(ZSTD(1)),
  max Float64 CODEC(ZSTD(1)),
  present UInt8,
  explicit_bounds Array(Float64) CODEC(ZSTD(1)),
  bucket_counts Array(UInt64) CODEC(ZSTD(1)),
  scale Int32,
  zero_count UInt64,
  zero_threshold Float64,
  positive_offset Int32,
  positive_bucket_counts Array(UInt64) CODEC(ZSTD(1)),
  negative_offset Int32,
  negative_bucket_counts Array(UInt64) CODEC(ZSTD(1)),
  quantiles Array(Float64) CODEC(ZSTD(1)),
  quantile_values Array(Float64) CODEC(ZSTD(1)),
  exemplars Nested (
    time DateTime64(9, 'UTC'),
    value Float64,
    value_int Int64,
    value_type LowCardinality(String),
    trace_id FixedString(16),
    span_id FixedString(8),
    attributes Map(LowCardinality(String), String),
    attribute_types String
  ) CODEC(ZSTD(1)),
  INDEX metric_points_batch batch_id TYPE minmax GRANULARITY 64
)
ENGINE = MergeTree
PARTITION BY received_day
ORDER BY (name, toStartOfHour(time), service_name, resource_id, time)
