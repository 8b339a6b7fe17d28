-- Feeds `trace_links`; a link within one trace is left out.
CREATE MATERIALIZED VIEW trace_links_mv TO trace_links AS
SELECT DISTINCT received_day, trace_id, arrayJoin(links.trace_id) AS linked_trace_id
FROM spans
WHERE notEmpty(links.trace_id) AND linked_trace_id != trace_id
