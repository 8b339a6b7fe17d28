-- How much is stored.
-- out: one row
SELECT
  (SELECT uniqCombined64(17)(trace_id) FROM traces) AS trace_count,
  (SELECT toUnixTimestamp64Nano(min(start_time)) FROM traces) AS oldest_ns,
  (SELECT toUnixTimestamp64Nano(max(start_time)) FROM traces) AS newest_ns
