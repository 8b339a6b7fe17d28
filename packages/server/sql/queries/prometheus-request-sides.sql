-- The sides of requests among the spans of some batches: client, producer, server and consumer spans of services.
-- in:  after_batch, through_batch UInt64; from_day UInt32, days since the epoch; how database and peer are named
-- out: request_id, a whole number of 53 bits, equal for both sides of a request; sides, a sum of 1 (called it), 2 (through a queue), 4 (failed),
--      8 (without a parent) and 16 (to a database); duration_ns, ended_ns; trace_id, span_id; service; other, what is
--      known of the other side
SELECT
  toFloat64(bitShiftRight(cityHash64(trace_id, if(is_client, span_id, parent_span_id)), 11)) AS request_id,
  toUInt8(is_client + 2 * (kind IN (4, 5)) + 4 * (status_code = 2)
    + 8 * (parent_span_id = toFixedString('', 8)) + 16 * (is_client AND database != '')) AS sides,
  toFloat64(duration) AS duration_ns,
  toFloat64(start_ns) + duration_ns AS ended_ns,
  trace_id,
  span_id,
  toString(service) AS service,
  toString(if(is_client AND database != '', database, if(peer = '' AND is_client, provider, peer))) AS other
FROM (
  SELECT
    trace_id, span_id, parent_span_id, kind, status_code,
    kind IN (3, 4) AS is_client,
    greatest(duration_ns, 0) AS duration,
    toUnixTimestamp64Nano(start_time) AS start_ns,
    leftUTF8(service_name, 256) AS service,
    toString(if(usage_counts, leftUTF8(spans.provider, 256), '')) AS provider,
    /*:database*/ AS database,
    /*:peer*/ AS peer
  FROM spans
  WHERE batch_id > {after_batch:UInt64} AND batch_id <= {through_batch:UInt64}
    AND received_day >= toDate({from_day:UInt32}) AND NOT is_running AND service_name != '' AND kind IN (2, 3, 4, 5)
)
