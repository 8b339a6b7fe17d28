-- Which kinds of id a text is, by one span that carries it. One small search each, because an index knows one column.
-- in:  id String
-- out: kind, each at most once
(SELECT 'session' AS kind FROM spans WHERE session_id = {id:String} LIMIT 1)
UNION ALL
(SELECT 'conversation' AS kind FROM spans WHERE conversation_id = {id:String} LIMIT 1)
UNION ALL
(SELECT 'task' AS kind FROM spans WHERE task_id = {id:String} LIMIT 1)
UNION ALL
(SELECT 'testCase' AS kind FROM spans WHERE test_case_id = {id:String} LIMIT 1)
UNION ALL
(SELECT 'testRun' AS kind FROM spans WHERE test_run_id = {id:String} LIMIT 1)
UNION ALL
(SELECT 'user' AS kind FROM spans WHERE user_id = {id:String} LIMIT 1)
