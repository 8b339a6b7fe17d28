-- Traces with a span of this id in a stretch of time; ids of spans are unique within a trace only.
-- in:  span_id String, hex; from_s, to_s UInt32, epoch seconds, from inclusive, to exclusive; most UInt32
-- out: trace_id (hex)
SELECT DISTINCT lower(hex(trace_id)) AS trace_id
FROM spans
WHERE span_id = toFixedString(unhex({span_id:String}), 8)
  AND start_time >= toDateTime({from_s:UInt32}, 'UTC') AND start_time < toDateTime({to_s:UInt32}, 'UTC')
LIMIT {most:UInt32}
