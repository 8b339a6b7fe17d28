-- Rows and bytes of every table.
-- out: one row per table that has rows
SELECT table, sum(rows) AS row_count, sum(bytes_on_disk) AS disk_bytes
FROM system.parts
WHERE active AND database = currentDatabase()
GROUP BY table
ORDER BY disk_bytes DESC
