-- Keys of attributes, by where they stand.
-- in:  levels Array(String), those of `attribute_keys`; most UInt32, for each level
-- out: level, key; sorted
SELECT DISTINCT toString(level) AS level, key
FROM attribute_keys
WHERE level IN {levels:Array(String)}
ORDER BY level, key
LIMIT {most:UInt32} BY level
