-- Every distinct OTLP Resource with its schema URL, once per day it was seen; spans, logs and
-- metrics refer to it by resource_id, a hash of its bytes. `raw` is the Resource message as sent.
-- sharding: resource_id
CREATE TABLE resources (
  received_day Date,
  resource_id UInt64,
  service_name LowCardinality(String),
  attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  schema_url String CODEC(ZSTD(1)),
  raw String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY received_day
ORDER BY resource_id
