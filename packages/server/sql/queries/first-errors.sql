-- What went wrong first in each of some traces: its error spans that ended first. Callers end within moments of what
-- they called, before or after; among a few the caller finds out where it began.
-- The condition on quarters of an hour says no more than the one after it, and is the one that the primary key can use.
-- in:  ids String, hex, one after the other; from_ns Int64, when the first of these traces begins
-- out: a few rows per trace that has an error, in the order in which they ended; ids are upper-case hex, message is cut
-- to 80 characters
SELECT
  hex(trace_id) AS id,
  hex(span_id) AS span_id,
  hex(parent_span_id) AS parent_span_id,
  error_type,
  substringUTF8(status_message, 1, 80) AS message,
  service_name,
  agent_name
FROM spans
PREWHERE status_code = 2
  AND NOT is_running
  AND toStartOfFifteenMinutes(start_time) >= toStartOfFifteenMinutes(fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC'))
  AND start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
  AND trace_id IN extractAll(unhex({ids:String}), '(?s)\\C{16}')
ORDER BY toUnixTimestamp64Nano(start_time) + duration_ns, spans.span_id
LIMIT 20 BY trace_id
