import type { ClickHouseStore } from "./clickhouse-store.ts";
import { readSchema, type SchemaFile } from "./schema.ts";

const TIMEOUT_MS = 600_000;

/** Summary tables whose sums would count a repeated insert twice, and what ties their rows to a batch. */
const SUMMARIES = [
  { table: "traces", view: "traces_mv", key: "trace_id", keyOfSpan: "spans.trace_id" },
  {
    table: "span_stats",
    view: "span_stats_mv",
    key: "bucket",
    keyOfSpan: "toStartOfFiveMinutes(spans.start_time)",
  },
] as const;

/**
 * Makes the summaries of everything that a batch touched anew from its spans. Needed when an insert may have
 * stopped between the spans and their summaries; repeating it changes nothing. Costs a scan of `spans`.
 */
export async function repairSummaries(store: ClickHouseStore, batchId: bigint): Promise<void> {
  const files = readSchema();
  const options = { parameters: { batch_id: batchId }, timeoutMs: TIMEOUT_MS };
  for (const { table, view, key, keyOfSpan } of SUMMARIES) {
    const touched = `(SELECT DISTINCT ${keyOfSpan} FROM spans WHERE batch_id = {batch_id:UInt64})`;
    await store.command(`DELETE FROM ${table} WHERE ${key} IN ${touched}`, {
      ...options,
      settings: { mutations_sync: 2, lightweight_deletes_sync: 2 },
    });
    const select = selectOf(files, view).replace(
      /^FROM spans$(\nWHERE )?/m,
      (_, where?: string) =>
        `FROM spans WHERE ${keyOfSpan} IN ${touched}${where === undefined ? "" : "\n  AND "}`,
    );
    await store.command(`INSERT INTO ${table} (${columnsOf(select)})\n${select}`, options);
  }
}

/** The query of a materialized view, from the newest file that sets it. */
function selectOf(files: readonly SchemaFile[], view: string): string {
  const file = files.findLast(({ sql }) =>
    new RegExp(`^(CREATE MATERIALIZED VIEW ${view} |ALTER TABLE ${view} MODIFY QUERY$)`, "m").test(sql),
  );
  const select = file && /^.* (?:AS|QUERY)\n((?:WITH|SELECT)[\s\S]+)$/m.exec(file.sql)?.[1];
  if (select === undefined) throw new Error(`sql/schema has no view ${view}`);
  return select;
}

/** Names of a SELECT's columns, each at the end of a line of its list. */
function columnsOf(select: string): string {
  const list = /^SELECT([\s\S]+?)\nFROM /m.exec(select)?.[1] ?? "";
  return splitTopLevel(list)
    .map((column) => /(\w+)$/.exec(column.trim())?.[1])
    .join(", ");
}

/** Splits at commas outside parentheses. */
function splitTopLevel(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < list.length; at++) {
    const character = list[at];
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "," && depth === 0) {
      parts.push(list.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, list.slice(from)];
}
