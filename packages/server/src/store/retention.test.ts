import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type ClickHouseStore, openEmbedded } from "./clickhouse-store.ts";
import { migrate } from "./migrate.ts";
import { setPromptIndex } from "./prompt-index.ts";
import { applyRetention, type DayPart, daysToDrop } from "./retention.ts";

const TODAY = "2026-11-21";

function day(date: string, bytes: number, table = "spans"): DayPart {
  return { table, day: date, bytes };
}

test("days older than the limit go, the others stay", () => {
  const parts = [day("2026-11-21", 1), day("2026-11-14", 1), day("2026-11-13", 1), day("2026-01-01", 1)];
  assert.deepEqual(daysToDrop(parts, { maxDays: 7 }, TODAY), ["2026-01-01", "2026-11-13"]);
});

test("the oldest days go until what is left fits", () => {
  const parts = [day("2026-11-18", 50), day("2026-11-19", 50), day("2026-11-19", 10, "logs"), day(TODAY, 40)];
  assert.deepEqual(daysToDrop(parts, { maxBytes: 100 }, TODAY), ["2026-11-18"]);
  assert.deepEqual(daysToDrop(parts, { maxBytes: 99 }, TODAY), ["2026-11-18", "2026-11-19"]);
  assert.deepEqual(daysToDrop(parts, { maxBytes: 150 }, TODAY), []);
});

test("today stays however large it is, and so do days to come", () => {
  const parts = [day(TODAY, 1000), day("2026-11-22", 1000)];
  assert.deepEqual(daysToDrop(parts, { maxDays: 0, maxBytes: 1 }, TODAY), []);
});

test("without limits everything stays", () => {
  assert.deepEqual(daysToDrop([day("1999-01-01", 1e15)], {}, TODAY), []);
});

let folder: string;
let store: ClickHouseStore;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "clew-retention-"));
  store = await openEmbedded({ dataDir: folder, log: { info() {}, warn() {}, error() {} } });
  await migrate(store);
});

after(async () => {
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function receive(date: string, spans: number): Promise<void> {
  await store.command(`INSERT INTO spans (received_day, trace_id, span_id, start_time, service_name, content)
    SELECT '${date}', randomFixedString(16), randomFixedString(8), '2026-11-01 00:00:00', 'planner',
      map('gen_ai.prompt', concat('word', toString(number))) FROM numbers(${spans})`);
  for (const file of ["traces", "span-stats"]) {
    const sql = readFileSync(new URL(`../../sql/summaries/${file}.sql`, import.meta.url), "utf8");
    await store.command(sql.replace("/*:which*/", `spans.received_day = '${date}'`));
  }
  await store.command(`INSERT INTO attribute_keys VALUES ('span', 'key-of-${date}', 'string', '${date}')`);
}

async function storedDays(table: string): Promise<string[]> {
  const rows = await store.query<{ day: string }>(
    `SELECT DISTINCT received_day AS day FROM ${table} ORDER BY day`,
  );
  return rows.map((row) => row.day);
}

test("retention drops whole days from every table, and nothing that is in the limits", async () => {
  for (const date of ["2026-11-10", "2026-11-11", "2026-11-20", TODAY]) await receive(date, 2000);
  const now = new Date(`${TODAY}T23:59:59Z`);

  assert.deepEqual(await applyRetention(store, { maxDays: 30 }, now), { droppedDays: [], freedBytes: 0 });
  assert.equal((await storedDays("spans")).length, 4);

  const byAge = await applyRetention(store, { maxDays: 10 }, now);
  assert.deepEqual(byAge.droppedDays, ["2026-11-10"]);
  assert.ok(byAge.freedBytes > 1000);
  for (const table of ["spans", "traces", "attribute_keys"]) {
    assert.deepEqual(await storedDays(table), ["2026-11-11", "2026-11-20", TODAY], table);
  }
  const bySize = await applyRetention(store, { maxBytes: 1 }, now);
  assert.deepEqual(bySize.droppedDays, ["2026-11-11", "2026-11-20"]);
  for (const table of ["spans", "traces"]) assert.deepEqual(await storedDays(table), [TODAY], table);
});

test("statistics of days that are too old go as well", async () => {
  await applyRetention(store, { maxDays: 3 }, new Date("2027-01-01T00:00:00Z"));
  assert.deepEqual(await store.query("SELECT 1 FROM span_stats"), []);
  assert.deepEqual(await store.query("SELECT 1 FROM attribute_keys"), []);
});

test("the prompt index is made once, finds words stored before and after, and goes again", async () => {
  const find = "SELECT count() AS found FROM spans WHERE hasAnyTokens(mapValues(content), ['word7'])";
  const isUsed = async () => {
    const plan = await store.query<{ explain: string }>(`EXPLAIN indexes = 1 ${find}`);
    return plan.some(({ explain }) => explain.includes("spans_content"));
  };
  await receive(TODAY, 100);
  await setPromptIndex(store, true);
  await setPromptIndex(store, true);
  await receive(TODAY, 100);
  assert.deepEqual(await store.query(find), [{ found: "2" }]);
  assert.equal(await isUsed(), true);
  await setPromptIndex(store, false);
  await setPromptIndex(store, false);
  assert.equal(await isUsed(), false);
  assert.deepEqual(await store.query(find), [{ found: "2" }]);
});
