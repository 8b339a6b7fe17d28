-- Calls and durations of the spans of some batches, by service, name, kind, status and bucket; the most frequent ones.
-- in:  after_batch, through_batch UInt64; from_day UInt32, days since the epoch; bounds Array(Int64), of buckets, in
--      nanoseconds, ascending, after a -1; most UInt32
-- out: service, name, kind, status, bound (the greatest that is exceeded), calls, total_ns, one span of them with its
--      length and end; all_calls is the sum of calls, also of rows that were too many
SELECT
  service, name, kind, status, bound, calls, total_ns,
  sum(calls) OVER () AS all_calls,
  lower(hex(example.1)) AS trace_id,
  lower(hex(example.2)) AS span_id,
  example.3 AS example_ns,
  example.4 + example.3 AS ended_ns
FROM (
  SELECT
    leftUTF8(spans.service_name, 256) AS service,
    leftUTF8(spans.name, 256) AS name,
    kind,
    status_code AS status,
    roundDown(greatest(duration_ns, 0) - 1, {bounds:Array(Int64)}) AS bound,
    count() AS calls,
    sum(toFloat64(greatest(duration_ns, 0))) AS total_ns,
    any((trace_id, span_id, greatest(duration_ns, 0), toUnixTimestamp64Nano(start_time))) AS example
  FROM spans
  WHERE batch_id > {after_batch:UInt64} AND batch_id <= {through_batch:UInt64}
    AND received_day >= toDate({from_day:UInt32}) AND NOT is_running
  GROUP BY service, name, kind, status, bound
)
ORDER BY calls DESC, service, name, kind, status, bound
LIMIT {most:UInt32}
