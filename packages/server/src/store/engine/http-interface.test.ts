import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { Supervisor } from "../supervisor.ts";

let folder: string;
let supervisor: Supervisor;
let base: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "clew-http-"));
  const log = { info() {}, warn() {}, error() {} };
  supervisor = await Supervisor.start({ dataDir: folder, log, listen: { host: "127.0.0.1", port: 0 } });
  assert.ok("port" in supervisor.address);
  base = `http://127.0.0.1:${supervisor.address.port}`;
  await ask("CREATE TABLE numbers_seen (n UInt64, text String DEFAULT 'none') ENGINE = MergeTree ORDER BY n");
});

after(async () => {
  await supervisor?.close();
  rmSync(folder, { recursive: true, force: true });
});

type Fields = Readonly<Record<string, string>>;

function send(
  fields: Fields,
  body: NonNullable<RequestInit["body"]>,
  headers: Fields = {},
): Promise<Response> {
  return fetch(`${base}/?${new URLSearchParams(fields)}`, {
    method: "POST",
    body,
    headers,
  });
}

async function ask(sql: string, fields: Fields = {}): Promise<string> {
  const response = await send(fields, sql);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text.trim();
}

test("ping is answered", async () => {
  assert.equal(await (await fetch(`${base}/ping`)).text(), "Ok.\n");
});

test("a path that means nothing is not found", async () => {
  const response = await fetch(`${base}/play`);
  assert.equal(response.status, 404);
  assert.match(await response.text(), /^Code: 60\. DB::Exception: /);
});

test("a query may come in the body or in the URL, and its own format counts", async () => {
  assert.equal(await ask("SELECT 1 AS x", { default_format: "JSONEachRow" }), '{"x":1}');
  assert.equal(await ask("SELECT 1 AS x FORMAT CSVWithNames", { default_format: "JSONEachRow" }), '"x"\n1');
  const get = await fetch(`${base}/?${new URLSearchParams({ query: "SELECT 'in the URL'" })}`);
  assert.equal(await get.text(), "in the URL\n");
  const empty = await send({}, "");
  assert.equal(empty.status, 400);
});

test("a form carries query and parameters", async () => {
  const form = new FormData();
  form.set("query", "SELECT {x:String} AS x, {y:Array(String)} AS y");
  form.set("param_x", "tab\\tend");
  form.set("param_y", "['a\\'b','--x']");
  const response = await send({ default_format: "JSONEachRow" }, form);
  assert.deepEqual(await response.json(), { x: "tab\tend", y: ["a'b", "--x"] });
});

test("a failure has ClickHouse's status, number and text", async () => {
  for (const [sql, status, code] of [
    ["SELECT (", 400, "62"],
    ["SELECT * FROM missing", 404, "60"],
    ["SELECT throwIf(1)", 500, "395"],
    [
      "SELECT sleepEachRow(1) FROM numbers(10) SETTINGS max_execution_time = 0.1, max_block_size = 1",
      408,
      "159",
    ],
  ] as const) {
    const response = await send({}, sql);
    assert.equal(response.status, status, sql);
    assert.equal(response.headers.get("x-clickhouse-exception-code"), code);
    assert.match(await response.text(), new RegExp(`^Code: ${code}\\. DB::Exception: `));
  }
});

test("compressed requests are read, and answers are compressed for who asks", async () => {
  const gzip = { "content-encoding": "gzip" };
  const sent = await send({}, gzipSync("SELECT 'zipped'"), gzip);
  assert.equal(await sent.text(), "zipped\n");
  for (const more of [{}, { wait_end_of_query: "1" }]) {
    const fields = { enable_http_compression: "1", ...more };
    const response = await send(fields, "SELECT number FROM numbers(1000)", { "accept-encoding": "gzip" });
    assert.equal(response.headers.get("content-encoding"), "gzip");
    assert.equal((await response.text()).trim().split("\n").length, 1000);
  }
  const plain = await send({}, "SELECT 1", { "accept-encoding": "gzip" });
  assert.equal(plain.headers.get("content-encoding"), null);
  const rows = gzipSync('{"n":100}\n{"n":101}\n');
  await (await send({ query: "INSERT INTO numbers_seen FORMAT JSONEachRow" }, rows, gzip)).text();
  assert.equal(await ask("SELECT count() FROM numbers_seen WHERE n IN (100, 101)"), "2");
});

test("rows are taken in every way a client sends them", async () => {
  await ask("TRUNCATE TABLE numbers_seen");
  const insert = { query: "INSERT INTO numbers_seen (text, n) FORMAT TSV" };
  assert.equal((await send(insert, "one\t1\ntwo\t2\n")).status, 200);
  await ask("INSERT INTO numbers_seen (n) VALUES (3), (4)");
  await ask("INSERT INTO numbers_seen SELECT number, 'five' FROM numbers(5, 1)");
  assert.equal(
    await ask("SELECT n, text FROM numbers_seen ORDER BY n FORMAT CSV"),
    '1,"one"\n2,"two"\n3,"none"\n4,"none"\n5,"five"',
  );
  assert.deepEqual(readdirSync(join(folder, "spool")), []);
});

test("rows that are cut off by the sender are not taken", async () => {
  await ask("TRUNCATE TABLE numbers_seen");
  const abort = new AbortController();
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from("one\t1\n"));
    },
  });
  const query = new URLSearchParams({ query: "INSERT INTO numbers_seen (text, n) FORMAT TSV" });
  const options = { method: "POST", body, duplex: "half", signal: abort.signal };
  const sent = fetch(`${base}/?${query}`, options as RequestInit);
  setTimeout(() => abort.abort(), 50);
  await assert.rejects(sent);
  while (readdirSync(join(folder, "spool")).length > 0)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(await ask("SELECT count() FROM numbers_seen"), "0");
});

test("names mean the database that the request names", async () => {
  await ask("CREATE DATABASE IF NOT EXISTS `other``db`");
  assert.equal(await ask("SELECT currentDatabase()", { database: "other`db" }), "other`db");
  assert.equal(await ask("SELECT currentDatabase()"), "default");
  assert.equal((await send({ database: "missing" }, "SELECT 1")).status, 404);
  assert.equal(await ask("SELECT currentDatabase()"), "default");
});

test("no statement is without bounds on time and memory", async () => {
  const fields = { max_execution_time: "0", max_memory_usage: "0" };
  const sql = "SELECT getSetting('max_execution_time') > 0, getSetting('max_memory_usage') > 0";
  assert.equal(await ask(sql, fields), "1\t1");
});

test("a setting that was refused leaves nothing behind", async () => {
  const sql = "SELECT toUInt64(getSetting('max_block_size'))";
  const standard = await ask(sql);
  const refused = await send({ max_block_size: "4321", no_such_setting: "1" }, sql);
  assert.equal(refused.status, 404);
  assert.equal(refused.headers.get("x-clickhouse-exception-code"), "115");
  for (let at = 0; at < 8; at++) assert.equal(await ask(sql), standard);
});

test("a result that nobody reads is not computed ahead", async () => {
  const sql = "SELECT number, 'unread' AS marker FROM numbers(100000000000)";
  const response = await send({}, sql);
  const reader = response.body!.getReader();
  await reader.read();
  const watch =
    "SELECT max(read_rows) FROM system.processes WHERE query LIKE '%unread%' AND query NOT LIKE '%processes%'";
  let before = -1;
  let now = Number(await ask(watch));
  while (now !== before) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 200));
    now = Number(await ask(watch));
  }
  assert.ok(now > 0 && now < 20_000_000, `${now} rows were computed`);
  await reader.cancel();
});

test("statements wait for a session, but not more than a bounded number", async () => {
  const slow = Array.from({ length: 6 }, () => send({}, "SELECT sleep(2)"));
  const statuses = await Promise.all(
    Array.from({ length: 300 }, async () => {
      const response = await send({}, "SELECT 1");
      await response.text();
      return response.status;
    }),
  );
  for (const response of await Promise.all(slow)) assert.equal(response.status, 200);
  const refused = statuses.filter((status) => status === 503).length;
  assert.ok(refused > 0, "some were refused");
  assert.equal(statuses.filter((status) => status === 200).length, 300 - refused);
});
