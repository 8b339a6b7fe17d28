-- Resources as they were sent.
-- in:  ids Array(UInt64)
-- out: id, schema_url, raw: the Resource message in base64
SELECT resource_id AS id, any(schema_url) AS schema_url, base64Encode(any(raw)) AS raw
FROM resources
WHERE resource_id IN {ids:Array(UInt64)}
GROUP BY resource_id
