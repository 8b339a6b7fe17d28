-- Names and versions of all instrumentation scopes.
-- out: id, scope_name, scope_version
SELECT scope_id AS id, any(toString(name)) AS scope_name, any(toString(version)) AS scope_version
FROM scopes
GROUP BY scope_id
