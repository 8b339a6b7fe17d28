-- That exporter knows spans that have ended only.
CREATE OR REPLACE VIEW otel_traces AS
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
LEFT ANY JOIN resources ON resources.resource_id = spans.resource_id
LEFT ANY JOIN scopes ON scopes.scope_id = spans.scope_id
WHERE NOT spans.is_running
