import type { ServerStatus } from "@clew/protocol/api/server-status";
import type { Store } from "../store/store.ts";
import { SCAN } from "./query-settings.ts";
import { statement } from "./sql.ts";
import { msOf } from "./trace-items.ts";

interface TotalsRow {
  readonly trace_count: string;
  readonly oldest_ns: string;
  readonly newest_ns: string;
}

interface SizeRow {
  readonly table: string;
  readonly row_count: string;
  readonly disk_bytes: string;
}

/** How much is stored, by table; the count of traces is within one percent. */
export async function storeTotals(
  store: Store,
  signal?: AbortSignal,
): Promise<NonNullable<ServerStatus["stored"]>> {
  const options = { settings: SCAN, ...(signal && { signal }) };
  const [[totals], sizes] = await Promise.all([
    store.query<TotalsRow>(statement("store-totals"), options),
    store.query<SizeRow>(statement("table-sizes"), options),
  ]);
  const tables = sizes.map((row) => ({
    table: row.table,
    rows: Number(row.row_count),
    diskBytes: Number(row.disk_bytes),
  }));
  const rowsOf = (name: string) =>
    tables.find(({ table }) => table === name || table === `${name}_local`)?.rows ?? 0;
  const traces = Number(totals?.trace_count ?? 0);
  return {
    spans: rowsOf("spans"),
    traces,
    logs: rowsOf("logs"),
    metricPoints: rowsOf("metric_points"),
    diskBytes: tables.reduce((sum, { diskBytes }) => sum + diskBytes, 0),
    tables,
    ...(totals !== undefined &&
      traces > 0 && { oldestMs: msOf(BigInt(totals.oldest_ns)), newestMs: msOf(BigInt(totals.newest_ns)) }),
  };
}

/** Whether any span is stored. */
export async function hasSpans(store: Store, signal?: AbortSignal): Promise<boolean> {
  const rows = await store.query(statement("any-trace"), { ...(signal && { signal }) });
  return rows.length > 0;
}
