-- Whether any trace is stored.
-- out: one row when one is
SELECT 1 AS found
FROM traces
LIMIT 1
