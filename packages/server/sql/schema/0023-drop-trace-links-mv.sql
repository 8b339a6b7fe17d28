-- What feeds `trace_links` is written by ingest, with the spans.
DROP VIEW IF EXISTS trace_links_mv
