-- Rate, errors and durations of every service in five-minute buckets.
-- in:  from and to, Unix seconds
-- out: calls, errors, p50_ms, p95_ms; one row per bucket and service
SELECT
  bucket,
  service_name,
  sum(call_count) AS calls,
  sum(error_count) AS errors,
  quantilesExactWeighted(0.5, 0.95)(duration_bucket, call_count) AS buckets,
  exp2(buckets[1] / 4) / 1e6 AS p50_ms,
  exp2(buckets[2] / 4) / 1e6 AS p95_ms
FROM span_stats
WHERE bucket >= fromUnixTimestamp({from:UInt32}) AND bucket < fromUnixTimestamp({to:UInt32})
GROUP BY bucket, service_name
ORDER BY bucket, service_name
