-- Whether some log record has an attribute among those that are no content.
-- in:  key String
-- out: one row, or none
SELECT 1 AS found
FROM logs
WHERE has(mapKeys(attributes), {key:String})
LIMIT 1
