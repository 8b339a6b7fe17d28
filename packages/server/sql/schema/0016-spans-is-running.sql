-- 1 for what was told of a span while it was running: attribute `clew.running`, and no end time. Its usage counts 0.
ALTER TABLE spans ADD COLUMN IF NOT EXISTS is_running UInt8 AFTER usage_counts
