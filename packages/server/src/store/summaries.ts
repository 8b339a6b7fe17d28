import { readFileSync } from "node:fs";
import type { ClickHouseStore } from "./clickhouse-store.ts";

/** `packages/server/sql/summaries/`, from `src/store` and from `dist/store` alike. */
const FOLDER = new URL("../../sql/summaries/", import.meta.url);
const TIMEOUT_MS = 600_000;
const OF_BATCH = "batch_id = {batch_id:UInt64}";

/** Summary tables whose sums would count a repeated insert twice, and what ties their rows to a batch. */
const SUMMARIES = [
  { table: "traces", file: "traces.sql", key: "trace_id", keyOfSpan: "spans.trace_id" },
  {
    table: "span_stats",
    file: "span-stats.sql",
    key: "bucket",
    keyOfSpan: "toStartOfFiveMinutes(spans.start_time)",
  },
] as const;

/** Whether rows of a table are sums that an insert of the same rows would add to. */
export function isSummary(table: string): boolean {
  return SUMMARIES.some((summary) => summary.table === table);
}

/**
 * Makes the summaries of everything that a batch touched anew from its spans. Needed when an insert may have
 * stopped between the spans and their summaries; repeating it changes nothing. Costs a scan of `spans`.
 */
export async function repairSummaries(store: ClickHouseStore, batchId: bigint): Promise<void> {
  const options = { parameters: { batch_id: batchId }, timeoutMs: TIMEOUT_MS };
  for (const { table, file, key, keyOfSpan } of SUMMARIES) {
    const touched = `(SELECT DISTINCT ${keyOfSpan} FROM spans WHERE ${OF_BATCH})`;
    await store.command(`DELETE FROM ${table} WHERE ${key} IN ${touched}`, {
      ...options,
      settings: { mutations_sync: 2, lightweight_deletes_sync: 2 },
    });
    await store.command(insertFrom(file, `${keyOfSpan} IN ${touched}`), options);
  }
}

function insertFrom(file: string, which: string): string {
  return readFileSync(new URL(file, FOLDER), "utf8").replace("/*:which*/", which);
}
