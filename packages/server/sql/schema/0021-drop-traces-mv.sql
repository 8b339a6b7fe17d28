-- What feeds `traces` is written by ingest, with the spans.
DROP VIEW IF EXISTS traces_mv
