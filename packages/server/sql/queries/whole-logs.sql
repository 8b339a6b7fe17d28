-- Log records with everything that was sent, except resource and scope.
-- in:  which rows of `logs`, in which order
-- out: one row per record
SELECT
  toUnixTimestamp64Nano(time) AS time_ns,
  toUnixTimestamp64Nano(observed_time) AS observed_time_ns,
  lower(hex(trace_id)) AS trace_id,
  lower(hex(span_id)) AS span_id,
  flags,
  severity_number,
  severity_text,
  event_name,
  body,
  body_type,
  service_name,
  resource_id,
  scope_id,
  mapKeys(attributes) AS attribute_keys,
  mapValues(attributes) AS attribute_values,
  mapKeys(content) AS content_keys,
  mapValues(content) AS content_values,
  attribute_types,
  dropped_attributes_count
FROM logs
WHERE true /*:rows*/
/*:order*/
