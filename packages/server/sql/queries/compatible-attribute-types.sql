-- Types with which an attribute was seen.
-- in:  levels Array(String), those of `attribute_keys`; key String
-- out: type
SELECT DISTINCT toString(type) AS type
FROM attribute_keys
WHERE level IN {levels:Array(String)} AND key = {key:String}
