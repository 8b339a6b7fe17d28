-- The traces that some traces are linked with, in either direction.
-- in:  ids String, hex, one after the other
-- out: trace_id, linked_trace_id (upper-case hex), as the link points, maybe more than once; at least one of them was
-- asked for
SELECT hex(trace_id) AS trace_id, hex(linked_trace_id) AS linked_trace_id
FROM trace_links
WHERE trace_links.trace_id IN extractAll(unhex({ids:String}), '(?s)\\C{16}')
UNION ALL
SELECT hex(trace_id) AS trace_id, hex(linked_trace_id) AS linked_trace_id
FROM trace_links
WHERE trace_links.linked_trace_id IN extractAll(unhex({ids:String}), '(?s)\\C{16}')
