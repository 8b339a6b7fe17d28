-- Requests between services of which both sides are known and the later one came in some batches: a client or producer
-- span with a server or consumer span below it.
-- in:  after_batch, through_batch UInt64: where the later side is; waiting_after UInt64: after which the earlier side
--      is; from_day UInt32, days since the epoch; bounds Array(Int64), of buckets, in nanoseconds, ascending, after a -1;
--      most UInt32
-- out: client, server, type, failed, client_bound and server_bound (the greatest that are exceeded), calls, client_ns,
--      server_ns, one server span of them with the lengths of both and its end; all_calls is the sum of calls, also of
--      rows that were too many
SELECT
  client, server, type, failed, client_bound, server_bound, calls, client_ns, server_ns,
  sum(calls) OVER () AS all_calls,
  lower(hex(example.1)) AS trace_id,
  lower(hex(example.2)) AS span_id,
  example.3 AS client_example_ns,
  example.4 AS server_example_ns,
  example.5 + example.4 AS ended_ns
FROM (
  SELECT
    clients.service AS client,
    servers.service AS server,
    if(clients.is_message OR servers.is_message, 'messaging_system', '') AS type,
    clients.failed OR servers.failed AS failed,
    roundDown(clients.duration - 1, {bounds:Array(Int64)}) AS client_bound,
    roundDown(servers.duration - 1, {bounds:Array(Int64)}) AS server_bound,
    count() AS calls,
    sum(toFloat64(clients.duration)) AS client_ns,
    sum(toFloat64(servers.duration)) AS server_ns,
    any((servers.trace_id, servers.span_id, clients.duration, servers.duration, servers.start_ns)) AS example
  FROM (
    SELECT
      trace_id, span_id, parent_span_id, batch_id,
      leftUTF8(service_name, 256) AS service,
      kind = 5 AS is_message,
      status_code = 2 AS failed,
      greatest(duration_ns, 0) AS duration,
      toUnixTimestamp64Nano(start_time) AS start_ns
    FROM spans
    WHERE batch_id > {waiting_after:UInt64} AND batch_id <= {through_batch:UInt64}
      AND received_day >= toDate({from_day:UInt32}) AND NOT is_running AND service_name != ''
      AND kind IN (2, 5) AND parent_span_id != toFixedString('', 8)
  ) AS servers
  INNER JOIN (
    SELECT
      trace_id, span_id, batch_id,
      leftUTF8(service_name, 256) AS service,
      kind = 4 AS is_message,
      status_code = 2 AS failed,
      greatest(duration_ns, 0) AS duration
    FROM spans
    WHERE batch_id > {waiting_after:UInt64} AND batch_id <= {through_batch:UInt64}
      AND received_day >= toDate({from_day:UInt32}) AND NOT is_running AND service_name != ''
      AND kind IN (3, 4)
  ) AS clients ON servers.trace_id = clients.trace_id AND servers.parent_span_id = clients.span_id
  WHERE greatest(servers.batch_id, clients.batch_id) > {after_batch:UInt64}
  GROUP BY client, server, type, failed, client_bound, server_bound
)
ORDER BY calls DESC, client, server, type, failed, client_bound, server_bound
LIMIT {most:UInt32}
