-- Which trace links to which, from span links; ids of one hold for the other.
-- sharding: xxHash64(trace_id)
CREATE TABLE trace_links (
  received_day Date,
  trace_id FixedString(16),
  linked_trace_id FixedString(16),
  INDEX trace_links_linked linked_trace_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY received_day
ORDER BY (trace_id, linked_trace_id)
