-- Names of the spans of a service.
-- in:  which spans; most UInt32
-- out: name, kind; sorted
SELECT toString(name) AS name, kind
FROM spans
WHERE true /*:condition*/
GROUP BY name, kind
ORDER BY name, kind
LIMIT {most:UInt32}
