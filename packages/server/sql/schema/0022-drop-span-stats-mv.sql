-- What feeds `span_stats` is written by ingest, with the spans.
DROP VIEW IF EXISTS span_stats_mv
