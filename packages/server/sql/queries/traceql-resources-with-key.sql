-- Resources that have an attribute, as they were sent.
-- in:  key String
-- out: id, raw: the Resource message in base64
SELECT resource_id AS id, base64Encode(any(raw)) AS raw
FROM resources
WHERE mapContains(attributes, {key:String})
GROUP BY resource_id
