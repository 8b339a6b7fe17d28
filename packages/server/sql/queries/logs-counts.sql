-- How many log records were made when, by severity. One that was sent twice counts twice.
-- in:  the moment of a row; which rows of `logs`; first, step Int64: Unix nanoseconds, nanoseconds
-- out: step_index: 0 for the step that begins at `first`; level: 0 when nothing was said, 1 for trace to 6 for fatal;
-- row_count
SELECT
  toUInt32(intDiv(toUnixTimestamp64Nano(/*:at*/) - {first:Int64}, {step:Int64})) AS step_index,
  toUInt8(least(6, intDiv(severity_number + 3, 4))) AS level,
  toUInt32(count()) AS row_count
FROM logs
WHERE true /*:rows*/
GROUP BY step_index, level
