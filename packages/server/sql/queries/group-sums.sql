-- Sessions or tasks with their traces added up. A trace belongs to the id its own spans carry.
-- in:  which column is the id; ids Array(String)
-- out: one row per id; last_bucket in epoch seconds and last_row_ns are of rows that carry the id themselves
SELECT
  id,
  toUnixTimestamp(max(traces_of.last_bucket)) AS last_bucket,
  toUnixTimestamp64Nano(max(traces_of.last_row)) AS last_row_ns,
  toUnixTimestamp64Nano(min(traces_of.first_start)) AS start_ns,
  toUnixTimestamp64Nano(max(traces_of.last_end)) AS last_ns,
  count() AS trace_count,
  countIf(traces_of.errors > 0) AS error_trace_count,
  sum(traces_of.spans) AS span_count,
  sum(traces_of.errors) AS error_count,
  sum(traces_of.model_calls) AS model_call_count,
  sum(traces_of.tool_calls) AS tool_call_count,
  sum(traces_of.tokens_in) AS input_tokens,
  sum(traces_of.tokens_out) AS output_tokens,
  sum(traces_of.tokens_cached) AS cache_read_tokens,
  sum(traces_of.cost) AS cost_usd,
  arraySort(groupUniqArrayArray(traces_of.agent_names)) AS agents,
  arraySort(groupUniqArrayArray(traces_of.service_names)) AS services,
  arraySort(groupUniqArrayArray(traces_of.model_names)) AS models,
  arraySort(groupUniqArrayIf(traces_of.user, traces_of.user != '')) AS users
FROM (
  SELECT
    max(/*:id*/) AS id,
    maxIf(bucket, /*:id*/ != '') AS last_bucket,
    maxIf(end_time, /*:id*/ != '') AS last_row,
    min(start_time) AS first_start,
    max(end_time) AS last_end,
    sum(span_count) AS spans,
    sum(error_count) AS errors,
    sum(model_call_count) AS model_calls,
    sum(tool_call_count) AS tool_calls,
    sum(input_tokens) AS tokens_in,
    sum(output_tokens) AS tokens_out,
    sum(cache_read_tokens) AS tokens_cached,
    sum(cost_usd) AS cost,
    groupUniqArrayArray(agents) AS agent_names,
    groupUniqArrayArray(services) AS service_names,
    groupUniqArrayArray(models) AS model_names,
    max(user_id) AS user
  FROM traces
  WHERE trace_id IN (SELECT trace_id FROM traces WHERE /*:id*/ IN {ids:Array(String)})
  GROUP BY trace_id
) AS traces_of
WHERE id IN {ids:Array(String)}
GROUP BY id
