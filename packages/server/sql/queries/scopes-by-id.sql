-- Instrumentation scopes as they were sent.
-- in:  ids Array(UInt64)
-- out: id, schema_url, raw: the InstrumentationScope message in base64
SELECT scope_id AS id, any(schema_url) AS schema_url, base64Encode(any(raw)) AS raw
FROM scopes
WHERE scope_id IN {ids:Array(UInt64)}
GROUP BY scope_id
