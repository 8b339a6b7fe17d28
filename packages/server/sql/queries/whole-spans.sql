-- Spans with everything that was sent, except resource and scope; a span that was sent twice comes once. What was
-- told of a span while it was running comes after the span itself.
-- in:  which rows of `spans`
-- out: one row per span, oldest first
SELECT
  lower(hex(trace_id)) AS trace_id,
  lower(hex(span_id)) AS span_id,
  lower(hex(parent_span_id)) AS parent_span_id,
  trace_state,
  flags,
  name,
  kind,
  toUnixTimestamp64Nano(start_time) AS start_ns,
  duration_ns,
  is_running,
  status_code,
  status_message,
  service_name,
  resource_id,
  scope_id,
  mapKeys(attributes) AS attribute_keys,
  mapValues(attributes) AS attribute_values,
  mapKeys(content) AS content_keys,
  mapValues(content) AS content_values,
  attribute_types,
  dropped_attributes_count,
  arrayMap(time -> toUnixTimestamp64Nano(time), events.time) AS event_times_ns,
  events.name AS event_names,
  arrayMap(attribute -> mapKeys(attribute), events.attributes) AS event_attribute_keys,
  arrayMap(attribute -> mapValues(attribute), events.attributes) AS event_attribute_values,
  events.attribute_types AS event_attribute_types,
  events.dropped_attributes_count AS event_dropped_attributes_counts,
  dropped_events_count,
  arrayMap(id -> lower(hex(id)), links.trace_id) AS link_trace_ids,
  arrayMap(id -> lower(hex(id)), links.span_id) AS link_span_ids,
  links.trace_state AS link_trace_states,
  links.flags AS link_flags,
  arrayMap(attribute -> mapKeys(attribute), links.attributes) AS link_attribute_keys,
  arrayMap(attribute -> mapValues(attribute), links.attributes) AS link_attribute_values,
  links.attribute_types AS link_attribute_types,
  links.dropped_attributes_count AS link_dropped_attributes_counts,
  dropped_links_count
FROM spans
WHERE true /*:rows*/
ORDER BY start_time, span_id, trace_id, is_running, duration_ns DESC
LIMIT 1 BY spans.trace_id, spans.span_id, start_time, duration_ns
