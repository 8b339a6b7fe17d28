-- The traces that some traces are linked with, in either direction.
-- in:  ids Array(String), hex
-- out: trace_id, linked_trace_id (hex), as the link points; at least one of them was asked for
SELECT DISTINCT lower(hex(trace_id)) AS trace_id, lower(hex(linked_trace_id)) AS linked_trace_id
FROM trace_links
WHERE trace_links.trace_id IN (SELECT toFixedString(unhex(arrayJoin({ids:Array(String)})), 16))
  OR trace_links.linked_trace_id IN (SELECT toFixedString(unhex(arrayJoin({ids:Array(String)})), 16))
