import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { type ClickHouseStore, openCluster } from "./clickhouse-store.ts";
import { migrate, SchemaTooNew } from "./migrate.ts";
import { readSchema, type SchemaFile } from "./schema.ts";
import { Supervisor } from "./supervisor.ts";

const log = { info() {}, warn() {}, error() {} };
const credentials = { user: "clew", password: "secret" };
let folder: string;
let supervisor: Supervisor;
let port: number;
let databases = 0;
const stores: ClickHouseStore[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "clew-migrate-"));
  const listen = { host: "127.0.0.1", port: 0 };
  supervisor = await Supervisor.start({ dataDir: folder, log, listen, credentials });
  port = "port" in supervisor.address ? supervisor.address.port : 0;
});

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

after(async () => {
  await supervisor?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(database = `db${++databases}`): Promise<ClickHouseStore> {
  const store = await openCluster({ url: `clickhouse://clew:secret@127.0.0.1:${port}/${database}`, log });
  stores.push(store);
  return store;
}

const SCHEMA = readSchema();

function extended(...statements: string[]): SchemaFile[] {
  const next = SCHEMA.length;
  return [...SCHEMA, ...statements.map((sql, at) => ({ version: next + at, name: `added-${at}.sql`, sql }))];
}

async function versions(store: ClickHouseStore): Promise<number[]> {
  const rows = await store.query<{ version: number }>(
    "SELECT version FROM schema_migrations ORDER BY version",
  );
  return rows.map((row) => row.version);
}

const ALL = SCHEMA.map((file) => file.version);

test("a schema is made from nothing, in a database of its own, and once", async () => {
  const store = await open();
  await migrate(store);
  assert.deepEqual(await versions(store), ALL);
  await migrate(store);
  assert.deepEqual(await versions(store), ALL);
  assert.deepEqual(await store.query("SELECT * FROM spans"), []);
});

test("data of an earlier release are brought forward and keep their rows", async () => {
  const store = await open();
  await migrate(store);
  await store.command("INSERT INTO attribute_keys VALUES ('span', 'old', 'string', '2026-11-21')");
  await migrate(store, extended("ALTER TABLE attribute_keys ADD COLUMN IF NOT EXISTS added UInt8 DEFAULT 7"));
  assert.deepEqual(await versions(store), [...ALL, SCHEMA.length]);
  assert.deepEqual(await store.query("SELECT key, added FROM attribute_keys"), [{ key: "old", added: 7 }]);
});

test("a change that needs a setting the server does not know is left out, and one that it knows is made", async () => {
  const store = await open();
  const change = (setting: string) => `-- needs: ${setting}\nALTER TABLE logs MODIFY SETTING ${setting} = 77`;
  await migrate(store, extended(change("no_such_setting"), change("parts_to_delay_insert")));
  assert.deepEqual(await versions(store), [...ALL, SCHEMA.length, SCHEMA.length + 1]);
  const [table] = await store.query<{ ddl: string }>(
    "SELECT create_table_query AS ddl FROM system.tables WHERE database = currentDatabase() AND name = 'logs'",
  );
  assert.match(table!.ddl, /parts_to_delay_insert = 77/);
  assert.match(table!.ddl, /string_serialization_version = 'single_stream'/);
});

test("data of a newer release are refused and not touched", async () => {
  const store = await open();
  await migrate(store, extended("ALTER TABLE attribute_keys ADD COLUMN IF NOT EXISTS added UInt8"));
  await assert.rejects(migrate(store), (error: SchemaTooNew) => {
    assert.ok(error instanceof SchemaTooNew);
    const versions = `schema version ${SCHEMA.length}, this release knows ${SCHEMA.length - 1}`;
    assert.ok(error.message.includes(versions), error.message);
    return true;
  });
  assert.deepEqual(await versions(store), [...ALL, SCHEMA.length]);
});

test("a schema whose making was interrupted is completed", async () => {
  const store = await open();
  await assert.rejects(
    migrate(store, [...SCHEMA.slice(0, 8), { version: 8, name: "bad", sql: "CREATE TABLE (" }]),
  );
  await migrate(store);
  assert.deepEqual(await versions(store), ALL);
});

test("processes that make the schema at the same time do not disturb each other", async () => {
  const database = `db${++databases}`;
  const all = await Promise.all([open(database), open(database), open(database)]);
  await Promise.all(all.map((store) => migrate(store)));
  const rows = await all[0]!.query("SELECT DISTINCT version FROM schema_migrations");
  assert.equal(rows.length, ALL.length);
});
