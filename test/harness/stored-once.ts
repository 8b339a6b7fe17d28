import assert from "node:assert/strict";
import type { ApiClient } from "@clew/protocol/api/client";
import type { EngineSql } from "../../bench/engine-sql.ts";
import type { NumberedLoad, NumberedRequest } from "./numbered-load.ts";
import { settled } from "./settled.ts";

/** Where the number of each record of a load stands in the store. */
const NUMBERS = {
  traces: `SELECT toUInt32(reinterpretAsUInt64(reverse(span_id))) - 1 AS n, count() AS copies FROM spans
    WHERE service_name = {service:String} GROUP BY trace_id, span_id`,
  logs: `SELECT toUInt32(body) AS n, count() AS copies FROM logs WHERE service_name = {service:String} GROUP BY body`,
  metrics: `SELECT toUInt32(value_int) AS n, count() AS copies FROM metric_points
    WHERE service_name = {service:String} GROUP BY value_int`,
} as const;

/** A server's API and the database that it stores in. */
export interface Stored {
  readonly api: ApiClient;
  readonly engine: EngineSql;
}

/**
 * Waits until the server has stored all that it has taken, then asserts that every acknowledged record is in the
 * store, that it and whatever else of the load is there is there once, and that the summaries say the same. Nothing
 * may be sent meanwhile.
 */
export async function assertStoredOnce(
  { api, engine }: Stored,
  load: NumberedLoad,
  acknowledged: readonly NumberedRequest[],
  timeoutMs?: number,
): Promise<void> {
  await settled(api, timeoutMs);
  for (const signal of ["traces", "logs", "metrics"] as const) {
    const wanted = acknowledged.filter((each) => each.signal === signal);
    if (wanted.length === 0) continue;
    const copies = await copiesOf(engine, load, signal);
    const missing = missingOf(wanted, copies);
    assert.equal(missing, 0, `${missing} acknowledged records of ${signal} are not in the store`);
    const doubled = [...copies].filter(([, count]) => count > 1);
    assert.deepEqual(doubled.slice(0, 5), [], `${doubled.length} records of ${signal} are stored twice`);
  }
  await assertSummaries(engine);
}

/** The summaries equal the spans, in all and for each trace. No insert may be under way. */
export async function assertSummaries(engine: EngineSql): Promise<void> {
  const [sums] = await engine.query<Record<string, number>>(`SELECT
    (SELECT count() FROM spans) AS spans,
    (SELECT uniqExact(trace_id, span_id) FROM spans) AS ids,
    (SELECT sum(span_count) FROM traces) AS in_traces,
    (SELECT sum(call_count) FROM span_stats) AS in_stats,
    (SELECT countIf(status_code = 2) FROM spans) AS errors,
    (SELECT sum(error_count) FROM traces) AS trace_errors,
    (SELECT sum(error_count) FROM span_stats) AS stats_errors`);
  const { spans, errors } = sums!;
  assert.deepEqual(sums, {
    spans,
    ids: spans,
    in_traces: spans,
    in_stats: spans,
    errors,
    trace_errors: errors,
    stats_errors: errors,
  });
  const unequal = await engine.query(`SELECT lower(hex(trace_id)) AS trace, counted, summed FROM
    (SELECT trace_id, count() AS counted FROM spans GROUP BY trace_id) AS s FULL JOIN
    (SELECT trace_id, sum(span_count) AS summed FROM traces GROUP BY trace_id) AS t USING trace_id
    WHERE counted != summed LIMIT 5`);
  assert.deepEqual(unequal, [], "summaries of traces differ from their spans");
}

async function copiesOf(engine: EngineSql, load: NumberedLoad, signal: keyof typeof NUMBERS) {
  const rows = await engine.query<{ n: number; copies: number }>(NUMBERS[signal], { service: load.service });
  return new Map(rows.map(({ n, copies }) => [n, copies]));
}

function missingOf(wanted: readonly NumberedRequest[], copies: ReadonlyMap<number, number>): number {
  let missing = 0;
  for (const { first, count } of wanted) {
    for (let n = first; n < first + count; n++) if (!copies.has(n)) missing++;
  }
  return missing;
}
