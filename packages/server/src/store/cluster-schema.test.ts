import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Session } from "chdb";
import { readSchema, renderCluster } from "./schema.ts";

/*
 * The cluster's statements, tried as far as one engine without Keeper and without a second node goes: the
 * cluster "two" exists in its configuration, but nobody answers at its shards.
 */

const SHARD = "<shard><replica><host>127.0.0.1</host><port>1</port></replica></shard>";
const CONFIG = `<clickhouse><remote_servers><two>${SHARD}${SHARD}</two></remote_servers></clickhouse>`;

/** ClickHouse's numbers: distributed DDL is off; a join of two distributed tables is denied; nobody answers. */
const DDL_IS_OFF = "392";
const JOIN_IS_DENIED = "288";
const NOBODY_ANSWERS = ["210", "279"];

let folder: string;
let session: Session;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "clew-cluster-"));
  writeFileSync(join(folder, "config.xml"), CONFIG);
  const connectionArgs = [`--config-file=${join(folder, "config.xml")}`];
  session = new Session(join(folder, "data"), { connectionArgs });
});

after(() => {
  session.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(sql: string): Promise<string> {
  const settings = "SET connections_with_failover_max_tries = 1, skip_unavailable_shards = 0";
  return (await session.queryAsync(`${settings}; ${sql}`, { format: "TSV" })).text().trim();
}

/** ClickHouse's number for the failure of a statement; undefined when it does not fail. */
async function codeOf(sql: string): Promise<string | undefined> {
  const failure = await run(sql).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return failure && /Code: (\d+)/.exec(failure)?.[1];
}

/** What one node does with a statement that came to it from another. */
function onThisNode(sql: string): string {
  return sql
    .replace(" ON CLUSTER 'two'", "")
    .replace(/^ENGINE = Replicated(\w+)\('[^']+', '[^']+', /m, "ENGINE = $1(")
    .replace(/^ENGINE = Replicated/m, "ENGINE = ");
}

/** The table or view that a statement makes, or changes after another made it. */
const NAMED =
  /^(?:CREATE [A-Z ]+ IF NOT EXISTS|CREATE OR REPLACE VIEW|ALTER TABLE|DROP VIEW IF EXISTS) (\w+) /;

test("every statement for a cluster makes what it names on a node", async () => {
  const statements = readSchema().flatMap((file) => renderCluster(file, "two"));
  for (const sql of statements) await run(onThisNode(sql));
  const names = await run("SELECT name FROM system.tables WHERE database = currentDatabase()");
  const there = new Set<string>();
  for (const sql of statements) {
    const name = NAMED.exec(sql)?.[1] ?? assert.fail(sql);
    if (sql.startsWith("DROP ")) there.delete(name);
    else there.add(name);
  }
  assert.deepEqual(names.split("\n").sort(), [...there].sort());
});

test("every statement for a cluster is understood and would be sent to its nodes", async () => {
  for (const sql of readSchema().flatMap((file) => renderCluster(file, "two"))) {
    assert.equal(await codeOf(sql), DDL_IS_OFF, sql);
  }
});

test("views that join ask all shards for the right side", async () => {
  for (const view of ["otel_traces", "otel_logs"]) {
    const code = await codeOf(`SELECT * FROM ${view} SETTINGS distributed_product_mode = 'deny'`);
    assert.ok(NOBODY_ANSWERS.includes(code ?? ""), `${view}: ${code}`);
  }
  const plain =
    "SELECT count() FROM spans LEFT ANY JOIN resources ON resources.resource_id = spans.resource_id";
  assert.equal(await codeOf(plain), JOIN_IS_DENIED);
  const global = await codeOf(`${plain} SETTINGS distributed_product_mode = 'global'`);
  assert.ok(NOBODY_ANSWERS.includes(global ?? ""), String(global));
});
