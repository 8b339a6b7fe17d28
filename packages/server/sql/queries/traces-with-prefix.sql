-- Traces whose id lies between two ids, both included.
-- in:  first, last String, 32 hex digits; most UInt32
-- out: id (hex), sorted
SELECT DISTINCT lower(hex(trace_id)) AS id
FROM traces
WHERE trace_id >= toFixedString(unhex({first:String}), 16) AND trace_id <= toFixedString(unhex({last:String}), 16)
ORDER BY id
LIMIT {most:UInt32}
