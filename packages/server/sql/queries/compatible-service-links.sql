-- How often services called each other: spans whose parent is a span of another service.
-- in:  from_ns, to_ns Int64, between which the spans start; ignore_case UInt8; most UInt64, spans to look at
-- out: parent, child, call_count, error_count; sorted
SELECT
  if({ignore_case:UInt8}, lowerUTF8(parents.service), parents.service) AS parent,
  if({ignore_case:UInt8}, lowerUTF8(children.service), children.service) AS child,
  uniqExact(children.id) AS call_count,
  uniqExactIf(children.id, children.status = 2) AS error_count
FROM (
  SELECT
    cityHash64(trace_id, span_id) AS id,
    cityHash64(trace_id, parent_span_id) AS parent_id,
    toString(service_name) AS service,
    status_code AS status
  FROM spans
  WHERE start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
    AND start_time < fromUnixTimestamp64Nano({to_ns:Int64}, 'UTC')
    AND parent_span_id != toFixedString('', 8) AND service_name != ''
  LIMIT {most:UInt64}
) AS children
INNER JOIN (
  SELECT cityHash64(trace_id, span_id) AS id, toString(service_name) AS service
  FROM spans
  WHERE start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
    AND start_time < fromUnixTimestamp64Nano({to_ns:Int64}, 'UTC')
    AND service_name != ''
  LIMIT {most:UInt64}
) AS parents ON children.parent_id = parents.id
WHERE parent != child
GROUP BY parent, child
ORDER BY parent, child
LIMIT 10000
