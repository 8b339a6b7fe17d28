-- Resources that have an attribute with one of these texts.
-- in:  key String, values Array(String)
-- out: resource_id
SELECT DISTINCT resource_id
FROM resources
WHERE mapContains(attributes, {key:String}) AND attributes[{key:String}] IN {values:Array(String)}
