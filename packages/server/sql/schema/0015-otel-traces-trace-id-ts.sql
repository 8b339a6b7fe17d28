-- When each trace began and ended, in the layout of OpenTelemetry's ClickHouse exporter: Grafana's
-- trace-by-id query narrows otel_traces with it.
CREATE VIEW otel_traces_trace_id_ts AS
SELECT lower(hex(trace_id)) AS TraceId, toDateTime(min(traces.start_time), 'UTC') AS Start, toDateTime(max(traces.end_time), 'UTC') + 1 AS End
FROM traces
GROUP BY trace_id
