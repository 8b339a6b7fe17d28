-- Traces with a span for which a condition holds.
-- in:  the condition; most UInt32, at which the search stops
-- out: id (hex)
SELECT DISTINCT lower(hex(trace_id)) AS id
FROM spans
WHERE true /*:condition*/
LIMIT {most:UInt32}
