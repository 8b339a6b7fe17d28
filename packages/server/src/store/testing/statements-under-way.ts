import assert from "node:assert/strict";
import type { ClickHouseStore } from "../clickhouse-store.ts";
import { StoreUnavailable } from "../store-errors.ts";

function others(store: ClickHouseStore): Promise<{ query: string }[]> {
  const marker = "SELECT query, 'watching' AS watching FROM system.processes";
  return store
    .query<{ query: string }>(marker)
    .then((rows) => rows.filter(({ query }) => !/watching|KILL QUERY|^SELECT 1$/.test(query)));
}

/** Waits until so many statements are under way at the same time. */
export async function running(store: ClickHouseStore, count: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  while ((await others(store)).length < count) {
    if (performance.now() > deadline) assert.fail(`${count} statements never ran at the same time`);
    await pause();
  }
}

/** Waits until no statement is left in the database. */
export async function nothingRuns(store: ClickHouseStore): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const left = await others(store);
    if (left.length === 0) return;
    if (performance.now() > deadline)
      assert.fail(`still running: ${left.map(({ query }) => query).join("; ")}`);
    await pause();
  }
}

/** What a store answers as soon as it is there. */
export async function untilAnswered<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await pause();
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
