-- What resources have of an attribute, as the text that is stored.
-- in:  key String; most UInt32
-- out: id, value: one row per resource that has it, at most so many
SELECT resource_id AS id, any(attributes[{key:String}]) AS value
FROM resources
WHERE mapContains(attributes, {key:String})
GROUP BY resource_id
LIMIT {most:UInt32}
