-- What there is around one trace: which of its spans have log records, and what it is linked with.
-- in:  trace_id String, hex
-- out: kind `log` with the span, or `link` with a trace that it links to or that links to it; id (hex), once each
SELECT DISTINCT 'log' AS kind, lower(hex(span_id)) AS id
FROM logs
WHERE trace_id = toFixedString(unhex({trace_id:String}), 16)
UNION ALL
SELECT DISTINCT
  'link' AS kind,
  lower(hex(if(trace_id = toFixedString(unhex({trace_id:String}), 16), linked_trace_id, trace_id))) AS id
FROM trace_links
WHERE trace_id = toFixedString(unhex({trace_id:String}), 16)
  OR linked_trace_id = toFixedString(unhex({trace_id:String}), 16)
