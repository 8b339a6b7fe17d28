-- Whether any span has an attribute of one of these keys.
-- in:  keys Array(String)
-- out: a row when there is one
SELECT 1 AS found
FROM attribute_keys
WHERE level = 'span' AND key IN ({keys:Array(String)})
LIMIT 1
