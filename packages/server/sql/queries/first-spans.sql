-- The earliest span of each of some traces.
-- The first condition says no more than the second, and is the one that the primary key can use.
-- in:  ids Array(String), hex; from_ns Int64, when the first of these traces begins
-- out: one row per trace
SELECT lower(hex(trace_id)) AS id, name, service_name
FROM spans
WHERE toStartOfFifteenMinutes(start_time) >= toStartOfFifteenMinutes(fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC'))
  AND start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
  AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({ids:Array(String)})), 16))
ORDER BY start_time, span_id
LIMIT 1 BY id
