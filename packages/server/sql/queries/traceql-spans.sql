-- Spans of some traces, as far as deciding a query takes; rows that were sent twice come twice, in any order.
-- The conditions on quarters of an hour say no more than the others, and are those that the primary key can use.
-- in:  ids String, hex, one after the other; from_ns, to_ns Int64, between which these traces lie; further columns, and
-- which rows
-- out: one row per span: trace, span and parent in hex, begins and lasts in nanoseconds, running 0 or 1
SELECT
  lower(hex(trace_id)) AS trace,
  lower(hex(span_id)) AS span,
  if(parent_span_id = toFixedString('', 8), '', lower(hex(parent_span_id))) AS parent,
  toString(toUnixTimestamp64Nano(start_time)) AS begins,
  toString(if(is_running = 1, 0, duration_ns)) AS lasts,
  is_running AS running
  /*:columns*/
FROM spans
PREWHERE toStartOfFifteenMinutes(start_time) >= toStartOfFifteenMinutes(fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC'))
  AND toStartOfFifteenMinutes(start_time) <= toStartOfFifteenMinutes(fromUnixTimestamp64Nano({to_ns:Int64}, 'UTC'))
  AND trace_id IN extractAll(unhex({ids:String}), '(?s)\\C{16}')
WHERE true /*:rows*/
