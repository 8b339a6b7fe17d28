-- All instrumentation scopes as they were sent.
-- out: id, raw: the InstrumentationScope message in base64
SELECT scope_id AS id, base64Encode(any(raw)) AS raw
FROM scopes
GROUP BY scope_id
