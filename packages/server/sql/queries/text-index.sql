-- Whether `spans.content` has a text index.
-- out: one row when it has
SELECT 1 AS found
FROM system.data_skipping_indices
WHERE database = currentDatabase() AND table IN ('spans', 'spans_local') AND type_full LIKE 'text%' AND expr LIKE '%content%'
LIMIT 1
