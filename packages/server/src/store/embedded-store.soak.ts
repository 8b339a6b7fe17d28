/** `node --test src/store/embedded-store.soak.ts`: takes about a minute, so `npm test` leaves it out. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openEmbedded } from "./clickhouse-store.ts";
import { migrate } from "./migrate.ts";
import { StoreUnavailable } from "./store-errors.ts";

const CYCLES = 50;
const ROWS = 1000;

test(`${CYCLES} times open, write, query and close: nothing hangs, nothing is lost, no process stays`, {
  timeout: 300_000,
}, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "clew-soak-"));
  const log = { info() {}, warn() {}, error() {} };
  const pids: number[] = [];
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    const store = await openEmbedded({ dataDir, log });
    pids.push(store.enginePid!);
    await migrate(store);
    const chunks = [
      await store.queryBytes(
        `SELECT toDate('2026-11-21') AS received_day, number + {cycle:UInt64} * ${ROWS} AS resource_id FROM numbers(${ROWS})`,
        "Native",
        { parameters: { cycle } },
      ),
    ];
    await store.insert({ table: "resources", rows: ROWS, chunks, deduplicationToken: String(cycle) });
    const queries = Array.from({ length: 8 }, () =>
      store.query<{ rows: string }>("SELECT uniqExact(resource_id) AS rows FROM resources"),
    );
    for (const rows of await Promise.all(queries)) assert.deepEqual(rows, [{ rows: String(cycle * ROWS) }]);
    // Each way to end: idle, a query under way, a stream under way, killed.
    const heavy = cycle % 4 === 1 ? store.query("SELECT sum(number) FROM numbers(1000000000000)") : undefined;
    const refused = heavy && assert.rejects(heavy, StoreUnavailable);
    if (cycle % 4 === 2) for await (const _ of store.stream("SELECT number FROM numbers(1000000000)")) break;
    if (cycle % 4 === 3) process.kill(store.enginePid!, "SIGKILL");
    await store.close(100);
    await refused;
  }
  for (const pid of pids) assert.throws(() => process.kill(pid, 0), `engine ${pid} is still there`);
  rmSync(dataDir, { recursive: true });
});
