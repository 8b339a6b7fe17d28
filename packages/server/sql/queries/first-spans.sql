-- The earliest span of each of some traces.
-- The first condition says no more than the second, and is the one that the primary key can use.
-- in:  ids String, hex, one after the other; from_ns Int64, when the first of these traces begins
-- out: one row per trace; id is upper-case hex
SELECT hex(trace_id) AS id, name, service_name
FROM spans
PREWHERE toStartOfFifteenMinutes(start_time) >= toStartOfFifteenMinutes(fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC'))
  AND start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
  AND trace_id IN extractAll(unhex({ids:String}), '(?s)\\C{16}')
ORDER BY start_time, span_id
LIMIT 1 BY trace_id
