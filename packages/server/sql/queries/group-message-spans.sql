-- Spans of some traces that can tell what was asked and answered: those with content, or with events of a model call.
-- What tools and searches were given is not what anybody asked.
-- The first condition says no more than the second, and is the one that the primary key can use.
-- in:  ids String, hex, one after the other; from_ns Int64, when the first of these traces begins; the order; each UInt32
-- out: trace and span in hex: the first of each trace by the order
SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span
FROM spans
PREWHERE toStartOfFifteenMinutes(start_time) >= toStartOfFifteenMinutes(fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC'))
  AND start_time >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
  AND trace_id IN extractAll(unhex({ids:String}), '(?s)\\C{16}')
  AND NOT is_running
WHERE (notEmpty(mapKeys(content)) OR arrayExists(name -> startsWith(name, 'gen_ai.'), events.name))
  AND span_type NOT IN ('tool', 'retriever', 'embedding', 'reranker')
ORDER BY /*:order*/
LIMIT {each:UInt32} BY trace_id
