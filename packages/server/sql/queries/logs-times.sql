-- When the newest of some log records were made.
-- in:  the moment of a row; which rows of `logs`; most UInt32
-- out: at_ns, newest first
SELECT toUnixTimestamp64Nano(/*:at*/) AS at_ns
FROM logs
WHERE true /*:rows*/
ORDER BY at_ns DESC
LIMIT {most:UInt32}
