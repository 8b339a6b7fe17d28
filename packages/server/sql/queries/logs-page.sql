-- The newest of some log records, each once however often it was sent. Which they are is found first, so that what
-- is large is read of those alone.
-- in:  the moment of a row, and a hash of all of it; at which moments to look, which rows of `logs` there, and which
-- of those by moment and hash; most UInt32; shown UInt32: texts are cut to so many characters
-- out: at_ns, record (the hash): newest first, by hash where they are of one moment; body_is_cut 0 or 1; content_is_cut:
-- for each key of content 0 or 1
SELECT
  toUnixTimestamp64Nano(/*:at*/) AS at_ns,
  toString(/*:record*/) AS record,
  severity_number,
  severity_text,
  event_name,
  substringUTF8(body, 1, {shown:UInt32}) AS body_text,
  lengthUTF8(body) > {shown:UInt32} AS body_is_cut,
  body_type,
  service_name,
  resource_id,
  scope_id,
  lower(hex(trace_id)) AS trace,
  lower(hex(span_id)) AS span,
  mapKeys(attributes) AS attribute_keys,
  mapValues(attributes) AS attribute_values,
  mapKeys(content) AS content_keys,
  arrayMap(value -> substringUTF8(value, 1, {shown:UInt32}), mapValues(content)) AS content_values,
  arrayMap(value -> lengthUTF8(value) > {shown:UInt32}, mapValues(content)) AS content_is_cut,
  attribute_types,
  dropped_attributes_count,
  session_id AS session,
  conversation_id AS conversation,
  task_id AS task,
  test_case_id AS testCase,
  test_run_id AS testRun,
  user_id AS user
FROM logs
WHERE true /*:moments*/ AND (toUnixTimestamp64Nano(/*:at*/), /*:record*/) IN (
  SELECT toUnixTimestamp64Nano(/*:at*/) AS found_ns, /*:record*/ AS found
  FROM logs
  WHERE true /*:moments*/ /*:rows*/
  GROUP BY found_ns, found
  HAVING true /*:keys*/
  ORDER BY found_ns DESC, found DESC
  LIMIT {most:UInt32}
)
ORDER BY at_ns DESC, toUInt64(record) DESC
LIMIT 1 BY at_ns, record
