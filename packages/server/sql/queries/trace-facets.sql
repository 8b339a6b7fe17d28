-- How many of the newest traces have which value, for what a list of traces can be narrowed by. A trace that reaches
-- beyond the rows looked at counts with what these rows tell.
-- in:  which rows of `traces` to look at; conditions on the summary of a trace; for each kind that conditions can be
--      about what the others ask for; most, values UInt32
-- out: facet, value, trace_count; the most frequent first, up to `values` of each facet; facet `all` counts all
SELECT facet, value, toUInt32(count()) AS trace_count
FROM (
  SELECT
    arrayJoin(arrayConcat(
      if((has_service) AND (has_agent) AND (has_model) AND (has_status), [('all', 'traces')], []),
      if((has_service) AND (has_agent) AND (has_model), [('status', if(error_count > 0, 'error', 'ok'))], []),
      if((has_agent) AND (has_model) AND (has_status), arrayMap(one -> ('service', one), services), []),
      if((has_service) AND (has_model) AND (has_status), arrayMap(one -> ('agent', one), agents), []),
      if((has_service) AND (has_agent) AND (has_status), arrayMap(one -> ('model', one), models), []),
      if(
        (has_service) AND (has_agent) AND (has_model) AND (has_status),
        [('testCase', test_case_id), ('testRun', test_run_id), ('user', user_id)],
        []
      )
    )) AS pair,
    pair.1 AS facet,
    pair.2 AS value
  FROM (
    SELECT
      toUnixTimestamp64Nano(min(traces.start_time)) AS start_ns,
      sum(traces.error_count) AS error_count,
      groupUniqArrayArray(traces.services) AS services,
      groupUniqArrayArray(traces.agents) AS agents,
      groupUniqArrayArray(traces.models) AS models,
      max(traces.test_case_id) AS test_case_id,
      max(traces.test_run_id) AS test_run_id,
      max(traces.user_id) AS user_id,
      true /*:service*/ AS has_service,
      true /*:agent*/ AS has_agent,
      true /*:model*/ AS has_model,
      true /*:status*/ AS has_status
    FROM traces
    WHERE true /*:rows*/ /*:span_conditions*/
    GROUP BY trace_id
    HAVING true /*:summary_conditions*/
    ORDER BY start_ns DESC
    LIMIT {most:UInt32}
  )
)
WHERE value != ''
GROUP BY facet, value
ORDER BY facet, trace_count DESC, value
LIMIT {values:UInt32} BY facet
