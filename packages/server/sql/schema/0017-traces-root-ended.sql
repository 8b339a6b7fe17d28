-- 0 while all that is known of the root was told while it was running; 1 for traces without a root, too. What is
-- older than this column has ended.
ALTER TABLE traces ADD COLUMN IF NOT EXISTS root_ended SimpleAggregateFunction(max, UInt8) DEFAULT 1 AFTER root_duration_ns
