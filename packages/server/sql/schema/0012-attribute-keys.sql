-- Every attribute key that was seen, where (span, resource, scope, event, link, log, metric) and with
-- which value type (string, int, double, bool, bytes, array, map), with the last day it was seen.
-- sharding: xxHash64(key)
CREATE TABLE attribute_keys (
  level LowCardinality(String),
  key String,
  type LowCardinality(String),
  received_day Date
)
ENGINE = ReplacingMergeTree(received_day)
ORDER BY (level, key, type)
