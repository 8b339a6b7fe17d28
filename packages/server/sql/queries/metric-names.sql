-- Metrics that were sent, by name, kind and unit.
-- in:  which rows of `metric_points`; most UInt32
-- out: name, kind, unit, description, point_count, last_ns
SELECT
  name,
  toString(kind) AS kind,
  unit,
  any(description) AS description,
  toUInt32(least(count(), 4294967295)) AS point_count,
  toUnixTimestamp64Nano(max(time)) AS last_ns
FROM metric_points
WHERE true /*:rows*/
GROUP BY name, kind, unit
ORDER BY name, kind, unit
LIMIT {most:UInt32}
