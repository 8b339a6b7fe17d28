-- Log records in the layout of OpenTelemetry's ClickHouse exporter, for dashboards made for it.
CREATE VIEW otel_logs AS
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
LEFT ANY JOIN resources ON resources.resource_id = logs.resource_id
LEFT ANY JOIN scopes ON scopes.scope_id = logs.scope_id
