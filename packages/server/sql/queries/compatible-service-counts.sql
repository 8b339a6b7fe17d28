-- How many spans of each service there are in some traces.
-- in:  which spans
-- out: id (hex), service, span_count, error_count; sorted
SELECT
  lower(hex(trace_id)) AS id,
  toString(service_name) AS service,
  count() AS span_count,
  countIf(status_code = 2) AS error_count
FROM spans
WHERE NOT is_running /*:rows*/
GROUP BY id, service
ORDER BY id, service
