-- Names of the services at the other end of the spans of a service.
-- in:  which spans; how the name is found; most UInt32
-- out: name, sorted
SELECT DISTINCT remote AS name
FROM (
  SELECT /*:remote*/ AS remote
  FROM spans
  WHERE true /*:condition*/
)
WHERE remote != ''
ORDER BY name
LIMIT {most:UInt32}
