-- The quarters of an hour, counted from the epoch, in which spans start.
-- in:  which rows of `spans`
-- out: slice, sorted
SELECT DISTINCT intDiv(toUnixTimestamp64Nano(start_time), 900000000000) AS slice
FROM spans
WHERE true /*:rows*/
ORDER BY slice
