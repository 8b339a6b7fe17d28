-- With which types some attributes were ever sent.
-- in:  keys Array(String)
-- out: level, key, type; a row of empty texts instead when nothing is known of any attribute
SELECT DISTINCT toString(level) AS level, key, toString(type) AS type
FROM attribute_keys
WHERE key IN {keys:Array(String)}
UNION ALL
SELECT '', '', ''
WHERE (SELECT count() FROM (SELECT 1 FROM attribute_keys LIMIT 1)) = 0
