-- Every distinct InstrumentationScope with its schema URL, once per day it was seen; spans, logs and
-- metrics refer to it by scope_id, a hash of its bytes. `raw` is the message as sent.
-- sharding: scope_id
CREATE TABLE scopes (
  received_day Date,
  scope_id UInt64,
  name LowCardinality(String),
  version LowCardinality(String),
  schema_url String CODEC(ZSTD(1)),
  raw String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY received_day
ORDER BY scope_id
