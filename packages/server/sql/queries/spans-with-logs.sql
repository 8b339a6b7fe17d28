-- Which spans of one trace have log records.
-- in:  trace_id String, hex
-- out: span_id (hex)
SELECT DISTINCT lower(hex(span_id)) AS span_id
FROM logs
WHERE trace_id = toFixedString(unhex({trace_id:String}), 16)
