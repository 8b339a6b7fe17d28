import type { ClickHouseStore } from "./clickhouse-store.ts";

export interface RetentionLimits {
  /** Whole days before today that are kept; unset keeps every day. */
  readonly maxDays?: number;
  /** Bytes on disk, of one replica where there are several; unset is no limit. */
  readonly maxBytes?: number;
}

/** What one day takes in one table. `day` is the day it was received, `YYYY-MM-DD` in UTC. */
export interface DayPart {
  readonly table: string;
  readonly day: string;
  readonly bytes: number;
}

export interface RetentionResult {
  /** Oldest first. */
  readonly droppedDays: readonly string[];
  readonly freedBytes: number;
}

const DAY_MS = 86_400_000;

/**
 * The days to drop, oldest first, each from every table: those older than `maxDays`, then as many more as
 * bring what is left to `maxBytes`. Today, and days that are still to come, always stay.
 */
export function daysToDrop(parts: readonly DayPart[], limits: RetentionLimits, today: string): string[] {
  const bytesOfDay = new Map<string, number>();
  for (const { day, bytes } of parts) bytesOfDay.set(day, (bytesOfDay.get(day) ?? 0) + bytes);
  let left = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const oldestKept = limits.maxDays === undefined ? "" : daysBefore(today, limits.maxDays);
  const dropped: string[] = [];
  for (const day of [...bytesOfDay.keys()].sort()) {
    const isTooOld = day < oldestKept;
    const isTooMuch = limits.maxBytes !== undefined && left > limits.maxBytes;
    if (day >= today || !(isTooOld || isTooMuch)) break;
    dropped.push(day);
    left -= bytesOfDay.get(day)!;
  }
  return dropped;
}

/** Brings the store within the limits; cheap when it is. What is dropped is gone for good. */
export async function applyRetention(
  store: ClickHouseStore,
  limits: RetentionLimits,
  now = new Date(),
): Promise<RetentionResult> {
  const today = dayOf(now);
  const parts = await dayParts(store);
  const days = daysToDrop(parts, limits, today);
  let freedBytes = 0;
  for (const { table, day, bytes } of parts) {
    if (!days.includes(day)) continue;
    // A day larger than the server's guard against mistakes is dropped all the same.
    const settings = { max_partition_size_to_drop: 0 };
    await store.command(`ALTER TABLE ${onAllNodes(store, table)} DROP PARTITION '${day}'`, { settings });
    freedBytes += bytes;
  }
  if (limits.maxDays !== undefined) await forgetBefore(store, daysBefore(today, limits.maxDays));
  return { droppedDays: days, freedBytes };
}

/** Every day of every table that is kept by days. */
async function dayParts(store: ClickHouseStore): Promise<DayPart[]> {
  const from = store.cluster === undefined ? "system.parts" : `cluster('${store.cluster}', system.parts)`;
  const rows = await store.query<{ table: string; day: string; bytes: string }>(
    `SELECT table, partition AS day, sum(bytes_on_disk) AS bytes
     FROM ${from}
     WHERE active AND database = currentDatabase() AND match(partition, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')
     GROUP BY table, day
     ORDER BY day, table`,
  );
  return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }));
}

/** Tables that are not kept by days, by the last day a row was added to. */
const BY_LAST_DAY = ["span_stats", "attribute_keys"] as const;

async function forgetBefore(store: ClickHouseStore, day: string): Promise<void> {
  const parameters = { day };
  for (const name of BY_LAST_DAY) {
    const old = await store.query(`SELECT 1 FROM ${name} WHERE received_day < {day:Date} LIMIT 1`, {
      parameters,
    });
    if (old.length === 0) continue;
    const table = store.cluster === undefined ? name : `${name}_local`;
    const sql = `DELETE FROM ${onAllNodes(store, table)} WHERE received_day < '${day}'`;
    await store.command(sql, { timeoutMs: 600_000 });
  }
}

function onAllNodes(store: ClickHouseStore, table: string): string {
  return store.cluster === undefined ? table : `${table} ON CLUSTER '${store.cluster}'`;
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

function daysBefore(day: string, days: number): string {
  return dayOf(new Date(Date.parse(day) - days * DAY_MS));
}
