-- Names of services that spans came from.
-- in:  most UInt32
-- out: name, empty where a service named none; sorted
SELECT DISTINCT toString(service_name) AS name
FROM span_stats
ORDER BY name
LIMIT {most:UInt32}
