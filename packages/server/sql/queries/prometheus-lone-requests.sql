-- Requests of which only one side is known although they have waited: a client or producer span without a server or
-- consumer span below it that says whom it called, and a server or consumer span without a parent.
-- in:  waiting_after, judged_through UInt64: in which batches they came; paired_after, through_batch UInt64: in which
--      batches the other side may be; from_day UInt32, days since the epoch; bounds Array(Int64), of buckets, in
--      nanoseconds, ascending, after a -1; most UInt32
-- out: as `prometheus-requests.sql`; both sides have the length of the one that is known
SELECT
  client, server, type, failed, client_bound, client_bound AS server_bound, calls, client_ns, client_ns AS server_ns,
  sum(calls) OVER () AS all_calls,
  lower(hex(example.1)) AS trace_id,
  lower(hex(example.2)) AS span_id,
  example.3 AS client_example_ns,
  example.3 AS server_example_ns,
  example.4 + example.3 AS ended_ns
FROM (
  SELECT
    if(is_client, service, if(peer = '', 'user', peer)) AS client,
    if(is_client, if(database != '', database_node, if(peer = '', provider, peer)), service) AS server,
    if(is_client AND database != '', 'database', 'virtual_node') AS type,
    failed,
    roundDown(duration - 1, {bounds:Array(Int64)}) AS client_bound,
    count() AS calls,
    sum(toFloat64(duration)) AS client_ns,
    any((requests.trace_id, span_id, duration, start_ns)) AS example
  FROM (
    SELECT
      trace_id, span_id, duration, start_ns, service, is_client, failed,
      if(is_client, span_id, toFixedString('', 8)) AS called_by,
      leftUTF8(arrayFirst(value -> value != '', [attributes['db.namespace'], attributes['db.name'],
        attributes['db.system'], attributes['db.system.name']]), 256) AS database,
      leftUTF8(attributes['peer.service'], 256) AS peer,
      leftUTF8(attributes['server.address'], 256) AS address,
      leftUTF8(attributes['network.peer.address'], 200) AS peer_address,
      leftUTF8(attributes['network.peer.port'], 20) AS peer_port,
      arrayFirst(value -> value != '', [peer, address,
        if(peer_address = '' OR peer_port = '', peer_address, concat(peer_address, ':', peer_port)),
        database]) AS database_node,
      provider
    FROM (
      SELECT
        trace_id, span_id, attributes,
        kind IN (3, 4) AS is_client,
        leftUTF8(service_name, 256) AS service,
        status_code = 2 AS failed,
        greatest(duration_ns, 0) AS duration,
        toUnixTimestamp64Nano(start_time) AS start_ns,
        if(usage_counts, leftUTF8(toString(spans.provider), 256), '') AS provider
      FROM spans
      WHERE batch_id > {waiting_after:UInt64} AND batch_id <= {judged_through:UInt64}
        AND received_day >= toDate({from_day:UInt32}) AND NOT is_running AND service_name != ''
        AND (kind IN (3, 4) OR kind IN (2, 5) AND parent_span_id = toFixedString('', 8))
    )
  ) AS requests
  LEFT ANTI JOIN (
    SELECT trace_id, parent_span_id
    FROM spans
    WHERE batch_id > {paired_after:UInt64} AND batch_id <= {through_batch:UInt64}
      AND received_day >= toDate({from_day:UInt32}) AND NOT is_running AND service_name != ''
      AND kind IN (2, 5) AND parent_span_id != toFixedString('', 8)
  ) AS answers ON requests.trace_id = answers.trace_id AND requests.called_by = answers.parent_span_id
  WHERE NOT is_client OR database != '' OR peer != '' OR provider != ''
  GROUP BY client, server, type, failed, client_bound
)
ORDER BY calls DESC, client, server, type, failed, client_bound
LIMIT {most:UInt32}
