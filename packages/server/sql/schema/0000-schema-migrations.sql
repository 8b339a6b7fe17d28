-- Which files of this folder the data have been through, one row per file; `version` is its number.
-- replicas: every node
CREATE TABLE schema_migrations (
  version UInt32,
  name String,
  applied_at DateTime('UTC')
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY version
