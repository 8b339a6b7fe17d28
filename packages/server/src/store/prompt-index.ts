import type { ClickHouseStore } from "./clickhouse-store.ts";

const INDEX = "spans_content";
const DEFINITION = "mapValues(content) TYPE text(tokenizer = 'splitByNonAlpha')";

/**
 * Makes or drops the index over the words of prompts and completions. Spans that are stored already are
 * indexed in the background. Does nothing when the store is as wanted.
 */
export async function setPromptIndex(store: ClickHouseStore, on: boolean): Promise<void> {
  const table = store.cluster === undefined ? "spans" : "spans_local";
  const found = await store.query(
    "SELECT 1 FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = {table:String} AND name = {index:String}",
    { parameters: { table, index: INDEX } },
  );
  if (found.length > 0 === on) return;
  const everywhere = store.cluster === undefined ? table : `${table} ON CLUSTER '${store.cluster}'`;
  if (on) {
    await store.command(`ALTER TABLE ${everywhere} ADD INDEX IF NOT EXISTS ${INDEX} ${DEFINITION}`);
    const settings = { mutations_sync: 0 };
    await store.command(`ALTER TABLE ${everywhere} MATERIALIZE INDEX ${INDEX}`, { settings });
  } else {
    // An index that is still being made cannot be dropped.
    const on = store.cluster === undefined ? "" : `ON CLUSTER '${store.cluster}' `;
    const making = `command ILIKE '%MATERIALIZE INDEX ${INDEX}%' AND NOT is_done`;
    await store.command(
      `KILL MUTATION ${on}WHERE database = currentDatabase() AND table = '${table}' AND ${making} SYNC`,
    );
    await store.command(`ALTER TABLE ${everywhere} DROP INDEX IF EXISTS ${INDEX}`);
  }
}
