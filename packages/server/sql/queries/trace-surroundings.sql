-- What there is around one trace: which of its spans have log records, and which traces link to it.
-- in:  trace_id String, hex
-- out: kind `log` with the span, or `link` with the trace that links to it; id (hex), maybe more than once
SELECT 'log' AS kind, lower(hex(span_id)) AS id
FROM logs
WHERE trace_id = toFixedString(unhex({trace_id:String}), 16)
UNION ALL
SELECT 'link' AS kind, lower(hex(trace_id)) AS id
FROM trace_links
WHERE linked_trace_id = toFixedString(unhex({trace_id:String}), 16)
