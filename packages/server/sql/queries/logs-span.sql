-- When a span ran, and on what.
-- in:  which rows of `spans`
-- out: a row for each time it was sent: start_ns, duration_ns, is_running, service_name, resource_id, scope_id; ended ones first
SELECT
  toUnixTimestamp64Nano(start_time) AS start_ns,
  toString(duration_ns) AS duration_ns,
  is_running,
  service_name,
  toString(resource_id) AS resource_id,
  toString(scope_id) AS scope_id
FROM spans
WHERE true /*:rows*/
ORDER BY is_running, start_time
LIMIT 1
