-- The links of all spans of one trace.
-- in:  trace_id String, hex; from_ns, to_ns Int64, between which its spans start
-- out: span_id, linked_trace_id, linked_span_id (hex); each link of a span once
SELECT DISTINCT
  lower(hex(span_id)) AS span_id,
  lower(hex(link.1)) AS linked_trace_id,
  lower(hex(link.2)) AS linked_span_id
FROM spans
ARRAY JOIN arrayZip(links.trace_id, links.span_id) AS link
WHERE start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to_ns:Int64}, 'UTC')
  AND xxHash32(trace_id) = xxHash32(toFixedString(unhex({trace_id:String}), 16))
  AND trace_id = toFixedString(unhex({trace_id:String}), 16)
ORDER BY linked_trace_id, linked_span_id
