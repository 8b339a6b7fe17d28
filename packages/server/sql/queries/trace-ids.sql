-- The ids that the spans of known traces carry, one row per partial summary.
-- in:  ids String, hex, one after the other
-- out: one or more rows per trace; empty text for an id that is not there
SELECT
  lower(hex(trace_id)) AS id,
  session_id AS session,
  conversation_id AS conversation,
  task_id AS task,
  test_case_id AS testCase,
  test_run_id AS testRun,
  user_id AS user
FROM traces
WHERE trace_id IN extractAll(unhex({ids:String}), '(?s)\\C{16}')
