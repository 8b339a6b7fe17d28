-- What went wrong first in each of some traces: its error span that ended first.
-- in:  ids Array(String), hex; from_ns Int64, when the first of these traces begins
-- out: one row per trace that has an error; message is cut to 80 characters
SELECT
  lower(hex(trace_id)) AS id,
  lower(hex(span_id)) AS span_id,
  error_type,
  substringUTF8(status_message, 1, 80) AS message,
  service_name,
  agent_name
FROM spans
WHERE start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
  AND status_code = 2
  AND NOT is_running
  AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({ids:Array(String)})), 16))
ORDER BY toUnixTimestamp64Nano(start_time) + duration_ns, span_id
LIMIT 1 BY id
