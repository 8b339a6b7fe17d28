-- Names and services of some spans.
-- in:  traces, spans Array(String), hex; from_ns, to_ns Int64, between which they start
-- out: one row per span of these traces with one of these ids: trace and span in hex, span_name, service
SELECT
  lower(hex(trace_id)) AS trace,
  lower(hex(span_id)) AS span,
  any(toString(name)) AS span_name,
  any(toString(service_name)) AS service
FROM spans
WHERE start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to_ns:Int64}, 'UTC')
  AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({traces:Array(String)})), 16))
  AND span_id IN (SELECT toFixedString(unhex(arrayJoin({spans:Array(String)})), 8))
GROUP BY trace_id, span_id
