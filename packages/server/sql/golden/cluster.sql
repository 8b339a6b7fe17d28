-- 0000-schema-migrations.sql
CREATE TABLE IF NOT EXISTS schema_migrations ON CLUSTER '{cluster}' (
  version UInt32,
  name String,
  applied_at DateTime('UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/clew/{database}/{table}', '{shard}-{replica}', applied_at)
ORDER BY version;

-- 0001-resources.sql
CREATE TABLE IF NOT EXISTS resources_local ON CLUSTER '{cluster}' (
  received_day Date,
  resource_id UInt64,
  service_name LowCardinality(String),
  attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  schema_url String CODEC(ZSTD(1)),
  raw String CODEC(ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree
PARTITION BY received_day
ORDER BY resource_id;

CREATE TABLE IF NOT EXISTS resources ON CLUSTER '{cluster}' AS resources_local
ENGINE = Distributed('{cluster}', currentDatabase(), resources_local, resource_id);

-- 0002-scopes.sql
CREATE TABLE IF NOT EXISTS scopes_local ON CLUSTER '{cluster}' (
  received_day Date,
  scope_id UInt64,
  name LowCardinality(String),
  version LowCardinality(String),
  schema_url String CODEC(ZSTD(1)),
  raw String CODEC(ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree
PARTITION BY received_day
ORDER BY scope_id;

CREATE TABLE IF NOT EXISTS scopes ON CLUSTER '{cluster}' AS scopes_local
ENGINE = Distributed('{cluster}', currentDatabase(), scopes_local, scope_id);

-- 0003-spans.sql
CREATE TABLE IF NOT EXISTS spans_local ON CLUSTER '{cluster}' (
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
ENGINE = ReplicatedMergeTree
PARTITION BY received_day
ORDER BY (toStartOfFifteenMinutes(start_time), xxHash32(trace_id), start_time)
SETTINGS index_granularity = 8192, min_bytes_for_wide_part = 150000000, merge_selector_base = 12;

CREATE TABLE IF NOT EXISTS spans ON CLUSTER '{cluster}' AS spans_local
ENGINE = Distributed('{cluster}', currentDatabase(), spans_local, xxHash64(trace_id));

-- 0004-traces.sql
CREATE TABLE IF NOT EXISTS traces_local ON CLUSTER '{cluster}' (
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
ENGINE = ReplicatedAggregatingMergeTree
PARTITION BY received_day
ORDER BY (bucket, trace_id)
SETTINGS merge_selector_base = 12;

CREATE TABLE IF NOT EXISTS traces ON CLUSTER '{cluster}' AS traces_local
ENGINE = Distributed('{cluster}', currentDatabase(), traces_local, xxHash64(trace_id));

-- 0005-traces-mv.sql
CREATE MATERIALIZED VIEW IF NOT EXISTS traces_mv ON CLUSTER '{cluster}' TO traces_local AS
SELECT
  received_day,
  toStartOfMinute(min(spans.start_time)) AS bucket,
  trace_id,
  min(spans.start_time) AS start_time,
  fromUnixTimestamp64Nano(max(toUnixTimestamp64Nano(spans.start_time) + greatest(duration_ns, 0)), 'UTC') AS end_time,
  count() AS span_count,
  countIf(status_code = 2) AS error_count,
  sum(spans.usage_counts) AS model_call_count,
  countIf(span_type = 'tool') AS tool_call_count,
  maxIf(toString(name), parent_span_id = toFixedString('', 8)) AS root_name,
  maxIf(toString(service_name), parent_span_id = toFixedString('', 8)) AS root_service,
  maxIf(status_code, parent_span_id = toFixedString('', 8)) AS root_status,
  maxIf(duration_ns, parent_span_id = toFixedString('', 8)) AS root_duration_ns,
  groupUniqArray(toString(service_name)) AS services,
  groupUniqArrayIf(toString(agent_name), agent_name != '') AS agents,
  groupUniqArrayIf(toString(model), model != '') AS models,
  max(spans.session_id) AS session_id,
  max(spans.conversation_id) AS conversation_id,
  max(spans.task_id) AS task_id,
  max(spans.test_case_id) AS test_case_id,
  max(spans.test_run_id) AS test_run_id,
  max(spans.user_id) AS user_id,
  sum(spans.input_tokens * usage_counts) AS input_tokens,
  sum(spans.output_tokens * usage_counts) AS output_tokens,
  sum(spans.cache_read_tokens * usage_counts) AS cache_read_tokens,
  sum(spans.cost_usd * usage_counts) AS cost_usd
FROM spans_local AS spans
GROUP BY received_day, trace_id;

-- 0006-trace-links.sql
CREATE TABLE IF NOT EXISTS trace_links_local ON CLUSTER '{cluster}' (
  received_day Date,
  trace_id FixedString(16),
  linked_trace_id FixedString(16),
  INDEX trace_links_linked linked_trace_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree
PARTITION BY received_day
ORDER BY (trace_id, linked_trace_id);

CREATE TABLE IF NOT EXISTS trace_links ON CLUSTER '{cluster}' AS trace_links_local
ENGINE = Distributed('{cluster}', currentDatabase(), trace_links_local, xxHash64(trace_id));

-- 0007-trace-links-mv.sql
CREATE MATERIALIZED VIEW IF NOT EXISTS trace_links_mv ON CLUSTER '{cluster}' TO trace_links_local AS
SELECT DISTINCT received_day, trace_id, arrayJoin(links.trace_id) AS linked_trace_id
FROM spans_local AS spans
WHERE notEmpty(links.trace_id) AND linked_trace_id != trace_id;

-- 0008-span-stats.sql
CREATE TABLE IF NOT EXISTS span_stats_local ON CLUSTER '{cluster}' (
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
ENGINE = ReplicatedAggregatingMergeTree
ORDER BY (bucket, service_name, agent_name, model, tool_name, span_type, kind, duration_bucket)
SETTINGS merge_selector_base = 12;

CREATE TABLE IF NOT EXISTS span_stats ON CLUSTER '{cluster}' AS span_stats_local
ENGINE = Distributed('{cluster}', currentDatabase(), span_stats_local, xxHash64(service_name));

-- 0009-span-stats-mv.sql
CREATE MATERIALIZED VIEW IF NOT EXISTS span_stats_mv ON CLUSTER '{cluster}' TO span_stats_local AS
SELECT
  toStartOfFiveMinutes(start_time) AS bucket,
  service_name, agent_name, model, tool_name, span_type, kind,
  toUInt8(floor(4 * log2(greatest(duration_ns, 0) + 1))) AS duration_bucket,
  max(spans.received_day) AS received_day,
  count() AS call_count,
  countIf(status_code = 2) AS error_count,
  sum(toUInt64(greatest(duration_ns, 0))) AS duration_sum_ns,
  sum(spans.input_tokens * usage_counts) AS input_tokens,
  sum(spans.output_tokens * usage_counts) AS output_tokens,
  sum(spans.cost_usd * usage_counts) AS cost_usd
FROM spans_local AS spans
GROUP BY bucket, service_name, agent_name, model, tool_name, span_type, kind, duration_bucket;

-- 0010-logs.sql
CREATE TABLE IF NOT EXISTS logs_local ON CLUSTER '{cluster}' (
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
ENGINE = ReplicatedMergeTree
PARTITION BY received_day
ORDER BY (toStartOfFiveMinutes(time), service_name, time);

CREATE TABLE IF NOT EXISTS logs ON CLUSTER '{cluster}' AS logs_local
ENGINE = Distributed('{cluster}', currentDatabase(), logs_local, xxHash64(trace_id));

-- 0011-metric-points.sql
CREATE TABLE IF NOT EXISTS metric_points_local ON CLUSTER '{cluster}' (
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
ENGINE = ReplicatedMergeTree
PARTITION BY received_day
ORDER BY (name, toStartOfHour(time), service_name, resource_id, time);

CREATE TABLE IF NOT EXISTS metric_points ON CLUSTER '{cluster}' AS metric_points_local
ENGINE = Distributed('{cluster}', currentDatabase(), metric_points_local, resource_id);

-- 0012-attribute-keys.sql
CREATE TABLE IF NOT EXISTS attribute_keys_local ON CLUSTER '{cluster}' (
  level LowCardinality(String),
  key String,
  type LowCardinality(String),
  received_day Date
)
ENGINE = ReplicatedReplacingMergeTree(received_day)
ORDER BY (level, key, type);

CREATE TABLE IF NOT EXISTS attribute_keys ON CLUSTER '{cluster}' AS attribute_keys_local
ENGINE = Distributed('{cluster}', currentDatabase(), attribute_keys_local, xxHash64(key));

-- 0013-otel-traces.sql
CREATE VIEW IF NOT EXISTS otel_traces ON CLUSTER '{cluster}' AS
SELECT
  spans.start_time AS Timestamp,
  lower(hex(spans.trace_id)) AS TraceId,
  lower(hex(spans.span_id)) AS SpanId,
  if(spans.parent_span_id = toFixedString('', 8), '', lower(hex(spans.parent_span_id))) AS ParentSpanId,
  spans.trace_state AS TraceState,
  spans.name AS SpanName,
  transform(spans.kind, [1, 2, 3, 4, 5], ['Internal', 'Server', 'Client', 'Producer', 'Consumer'], 'Unspecified') AS SpanKind,
  spans.service_name AS ServiceName,
  resources.attributes AS ResourceAttributes,
  scopes.name AS ScopeName,
  scopes.version AS ScopeVersion,
  mapConcat(spans.attributes, spans.content) AS SpanAttributes,
  toUInt64(greatest(spans.duration_ns, 0)) AS Duration,
  transform(spans.status_code, [1, 2], ['Ok', 'Error'], 'Unset') AS StatusCode,
  spans.status_message AS StatusMessage,
  spans.events.time AS `Events.Timestamp`,
  spans.events.name AS `Events.Name`,
  spans.events.attributes AS `Events.Attributes`,
  arrayMap(id -> lower(hex(id)), spans.links.trace_id) AS `Links.TraceId`,
  arrayMap(id -> lower(hex(id)), spans.links.span_id) AS `Links.SpanId`,
  spans.links.trace_state AS `Links.TraceState`,
  spans.links.attributes AS `Links.Attributes`
FROM spans
GLOBAL LEFT ANY JOIN resources ON resources.resource_id = spans.resource_id
GLOBAL LEFT ANY JOIN scopes ON scopes.scope_id = spans.scope_id;

-- 0014-otel-logs.sql
CREATE VIEW IF NOT EXISTS otel_logs ON CLUSTER '{cluster}' AS
SELECT
  logs.time AS Timestamp,
  toDateTime(logs.time, 'UTC') AS TimestampTime,
  if(logs.trace_id = toFixedString('', 16), '', lower(hex(logs.trace_id))) AS TraceId,
  if(logs.span_id = toFixedString('', 8), '', lower(hex(logs.span_id))) AS SpanId,
  toUInt8(bitAnd(logs.flags, 255)) AS TraceFlags,
  logs.severity_text AS SeverityText,
  logs.severity_number AS SeverityNumber,
  logs.service_name AS ServiceName,
  logs.body AS Body,
  resources.schema_url AS ResourceSchemaUrl,
  resources.attributes AS ResourceAttributes,
  scopes.schema_url AS ScopeSchemaUrl,
  scopes.name AS ScopeName,
  scopes.version AS ScopeVersion,
  mapConcat(logs.attributes, logs.content) AS LogAttributes,
  logs.event_name AS EventName
FROM logs
GLOBAL LEFT ANY JOIN resources ON resources.resource_id = logs.resource_id
GLOBAL LEFT ANY JOIN scopes ON scopes.scope_id = logs.scope_id;

-- 0015-otel-traces-trace-id-ts.sql
CREATE VIEW IF NOT EXISTS otel_traces_trace_id_ts ON CLUSTER '{cluster}' AS
SELECT lower(hex(trace_id)) AS TraceId, toDateTime(min(traces.start_time), 'UTC') AS Start, toDateTime(max(traces.end_time), 'UTC') + 1 AS End
FROM traces
GROUP BY trace_id;

-- 0016-spans-is-running.sql
ALTER TABLE spans_local ON CLUSTER '{cluster}' ADD COLUMN IF NOT EXISTS is_running UInt8 AFTER usage_counts;

ALTER TABLE spans ON CLUSTER '{cluster}' ADD COLUMN IF NOT EXISTS is_running UInt8 AFTER usage_counts;

-- 0017-traces-root-ended.sql
ALTER TABLE traces_local ON CLUSTER '{cluster}' ADD COLUMN IF NOT EXISTS root_ended SimpleAggregateFunction(max, UInt8) DEFAULT 1 AFTER root_duration_ns;

ALTER TABLE traces ON CLUSTER '{cluster}' ADD COLUMN IF NOT EXISTS root_ended SimpleAggregateFunction(max, UInt8) DEFAULT 1 AFTER root_duration_ns;

-- 0018-traces-mv-running.sql
ALTER TABLE traces_mv ON CLUSTER '{cluster}' MODIFY QUERY
SELECT
  received_day,
  toStartOfMinute(min(spans.start_time)) AS bucket,
  trace_id,
  min(spans.start_time) AS start_time,
  fromUnixTimestamp64Nano(max(toUnixTimestamp64Nano(spans.start_time) + greatest(duration_ns, 0)), 'UTC') AS end_time,
  countIf(NOT is_running) AS span_count,
  countIf(status_code = 2 AND NOT is_running) AS error_count,
  sum(spans.usage_counts) AS model_call_count,
  countIf(span_type = 'tool' AND NOT is_running) AS tool_call_count,
  maxIf(toString(name), parent_span_id = toFixedString('', 8)) AS root_name,
  maxIf(toString(service_name), parent_span_id = toFixedString('', 8)) AS root_service,
  maxIf(status_code, parent_span_id = toFixedString('', 8)) AS root_status,
  maxIf(duration_ns, parent_span_id = toFixedString('', 8) AND NOT is_running) AS root_duration_ns,
  countIf(parent_span_id = toFixedString('', 8) AND NOT is_running) > 0 AS root_ended,
  groupUniqArray(toString(service_name)) AS services,
  groupUniqArrayIf(toString(agent_name), agent_name != '') AS agents,
  groupUniqArrayIf(toString(model), model != '') AS models,
  max(spans.session_id) AS session_id,
  max(spans.conversation_id) AS conversation_id,
  max(spans.task_id) AS task_id,
  max(spans.test_case_id) AS test_case_id,
  max(spans.test_run_id) AS test_run_id,
  max(spans.user_id) AS user_id,
  sum(spans.input_tokens * usage_counts) AS input_tokens,
  sum(spans.output_tokens * usage_counts) AS output_tokens,
  sum(spans.cache_read_tokens * usage_counts) AS cache_read_tokens,
  sum(spans.cost_usd * usage_counts) AS cost_usd
FROM spans_local AS spans
GROUP BY received_day, trace_id;

-- 0019-span-stats-mv-running.sql
ALTER TABLE span_stats_mv ON CLUSTER '{cluster}' MODIFY QUERY
SELECT
  toStartOfFiveMinutes(start_time) AS bucket,
  service_name, agent_name, model, tool_name, span_type, kind,
  toUInt8(floor(4 * log2(greatest(duration_ns, 0) + 1))) AS duration_bucket,
  max(spans.received_day) AS received_day,
  count() AS call_count,
  countIf(status_code = 2) AS error_count,
  sum(toUInt64(greatest(duration_ns, 0))) AS duration_sum_ns,
  sum(spans.input_tokens * usage_counts) AS input_tokens,
  sum(spans.output_tokens * usage_counts) AS output_tokens,
  sum(spans.cost_usd * usage_counts) AS cost_usd
FROM spans_local AS spans
WHERE NOT is_running
GROUP BY bucket, service_name, agent_name, model, tool_name, span_type, kind, duration_bucket;

-- 0020-otel-traces-running.sql
CREATE OR REPLACE VIEW otel_traces ON CLUSTER '{cluster}' AS
SELECT
  spans.start_time AS Timestamp,
  lower(hex(spans.trace_id)) AS TraceId,
  lower(hex(spans.span_id)) AS SpanId,
  if(spans.parent_span_id = toFixedString('', 8), '', lower(hex(spans.parent_span_id))) AS ParentSpanId,
  spans.trace_state AS TraceState,
  spans.name AS SpanName,
  transform(spans.kind, [1, 2, 3, 4, 5], ['Internal', 'Server', 'Client', 'Producer', 'Consumer'], 'Unspecified') AS SpanKind,
  spans.service_name AS ServiceName,
  resources.attributes AS ResourceAttributes,
  scopes.name AS ScopeName,
  scopes.version AS ScopeVersion,
  mapConcat(spans.attributes, spans.content) AS SpanAttributes,
  toUInt64(greatest(spans.duration_ns, 0)) AS Duration,
  transform(spans.status_code, [1, 2], ['Ok', 'Error'], 'Unset') AS StatusCode,
  spans.status_message AS StatusMessage,
  spans.events.time AS `Events.Timestamp`,
  spans.events.name AS `Events.Name`,
  spans.events.attributes AS `Events.Attributes`,
  arrayMap(id -> lower(hex(id)), spans.links.trace_id) AS `Links.TraceId`,
  arrayMap(id -> lower(hex(id)), spans.links.span_id) AS `Links.SpanId`,
  spans.links.trace_state AS `Links.TraceState`,
  spans.links.attributes AS `Links.Attributes`
FROM spans
GLOBAL LEFT ANY JOIN resources ON resources.resource_id = spans.resource_id
GLOBAL LEFT ANY JOIN scopes ON scopes.scope_id = spans.scope_id
WHERE NOT spans.is_running;

-- 0021-drop-traces-mv.sql
DROP VIEW IF EXISTS traces_mv ON CLUSTER '{cluster}';

-- 0022-drop-span-stats-mv.sql
DROP VIEW IF EXISTS span_stats_mv ON CLUSTER '{cluster}';

-- 0023-drop-trace-links-mv.sql
DROP VIEW IF EXISTS trace_links_mv ON CLUSTER '{cluster}';

-- 0024-spans-short-texts.sql
ALTER TABLE spans_local ON CLUSTER '{cluster}' MODIFY SETTING string_serialization_version = 'single_stream';

-- 0025-traces-short-texts.sql
ALTER TABLE traces_local ON CLUSTER '{cluster}' MODIFY SETTING string_serialization_version = 'single_stream';

-- 0026-logs-short-texts.sql
ALTER TABLE logs_local ON CLUSTER '{cluster}' MODIFY SETTING string_serialization_version = 'single_stream';

-- 0027-metric-points-short-texts.sql
ALTER TABLE metric_points_local ON CLUSTER '{cluster}' MODIFY SETTING string_serialization_version = 'single_stream';
