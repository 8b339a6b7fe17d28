import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LiveTraces } from "../query/live-traces.ts";
import { Queries } from "../query/queries.ts";
import { insertResource, insertSpans, spanIdOf, traceIdOf } from "../query/testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../query/testing/test-store.ts";
import { type WatchedStore, watched } from "../query/testing/watched-store.ts";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { type Api, createApi } from "./api.ts";

/** Marks every hostile text, so that its way can be followed. */
const MARK = "zqxj";

const HOSTILE = [
  `${MARK}' OR '1'='1`,
  `${MARK}') OR 1=1 --`,
  `${MARK}\\' OR 1=1 #`,
  `${MARK}"; DROP TABLE spans; --`,
  `${MARK}\`; SYSTEM SHUTDOWN; \``,
  `${MARK}' UNION ALL SELECT * FROM system.settings --`,
  `${MARK}*/ OR true /*:conditions*/`,
  `${MARK}{bound_1:String}`,
  `${MARK}\u0000'\t\n\r\\N`,
  `${MARK}%' LIKE '%_[a-z]`,
  `${MARK}ʼ＇‘𝟙 OR 1=1`,
  `['${MARK}'] OR has(['${MARK}'],'${MARK}')`,
];

let opened: TestStore;
let api: Api;
let asked: WatchedStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  await insertResource(opened.store, 1n, { "service.name": "a" });
  await insertSpans(opened.store, [
    {
      trace_id: traceIdOf("a"),
      span_id: spanIdOf("a"),
      start_ns: 1_790_000_000_000_000_000n,
      name: "a",
      session_id: "s",
      task_id: "t",
    },
  ]);
  const none = { requests: 0, records: 0, rejected: 0 };
  const say = () => undefined;
  asked = watched(opened.store);
  api = createApi({
    queries: new Queries(asked.store),
    live: new LiveTraces(asked.store),
    ingest: {
      recent: () => [],
      subscribe: () => () => undefined,
      counters: () => ({
        sinceMs: 0,
        signals: { traces: none, logs: none, metrics: none },
        refusals: [],
        sources: [],
      }),
    },
    version: "0",
    otlp: () => ({ auth: false }),
    isReady: () => true,
    log: {
      debug: say,
      info: say,
      warn: say,
      error: (details: object) => assert.fail(JSON.stringify(details)),
    } as never,
  });
});

after(() => opened?.close());

async function ask(path: string): Promise<{ status: number; body: string }> {
  const answer = await api.fetch(
    new Request(`http://localhost/api/v1${path}`, { headers: { host: "localhost" } }),
  );
  return { status: answer.status, body: await answer.text() };
}

const FILTERS = [
  "service",
  "agent",
  "model",
  "tool",
  "session",
  "conversation",
  "task",
  "testCase",
  "testRun",
  "user",
  "name",
  "text",
];
const CHECKED = ["status", "minDuration", "maxDuration", "from", "to", "limit", "cursor"];

test("every filter binds hostile text, finds nothing by it and breaks nothing", async () => {
  for (const filter of FILTERS) {
    for (const text of HOSTILE) {
      const { status, body } = await ask(`/traces?${new URLSearchParams([[filter, text]])}`);
      assert.equal(status, 200, `${filter}=${text}: ${body}`);
      assert.deepEqual(JSON.parse(body).items, [], `${filter}=${text}`);
    }
  }
  const all = FILTERS.map((filter, index): [string, string] => [filter, HOSTILE[index % HOSTILE.length]!]);
  assert.equal((await ask(`/traces?${new URLSearchParams(all)}`)).status, 200);
});

test("several values of one filter are each bound", async () => {
  for (const filter of FILTERS.slice(0, 10)) {
    const many = HOSTILE.map((text): [string, string] => [filter, text]);
    const { status, body } = await ask(`/traces?${new URLSearchParams(many)}`);
    assert.equal(status, 200, body);
    assert.deepEqual(JSON.parse(body).items, []);
  }
});

test("keys and values of attributes are bound", async () => {
  for (const text of HOSTILE) {
    for (const [key, value] of [
      [text, "x"],
      ["x", text],
      [text, text],
    ]) {
      const { status, body } = await ask(`/traces?${new URLSearchParams([[`attr.${key}`, value!]])}`);
      assert.equal(status, 200, body);
      assert.deepEqual(JSON.parse(body).items, []);
    }
  }
});

test("numbers, times, orders and cursors that are none are refused before they reach the store", async () => {
  for (const parameter of CHECKED) {
    for (const text of HOSTILE) {
      const { status } = await ask(`/traces?${new URLSearchParams([[parameter, text]])}`);
      assert.equal(status, 400, `${parameter}=${text}`);
    }
  }
  for (const parameter of ["order", "sort", ...HOSTILE]) {
    assert.equal(
      (await ask(`/traces?${new URLSearchParams([[parameter, "start_time; DROP TABLE spans"]])}`)).status,
      400,
    );
  }
});

test("a forged cursor binds what it holds, or is refused", async () => {
  for (const text of HOSTILE) {
    const forged = Buffer.from(`1790000000000000000.${text}`).toString("base64url");
    assert.equal((await ask(`/traces?cursor=${forged}`)).status, 400);
    const groups = Buffer.from(JSON.stringify([1_790_000_000, "1790000000000000000", text])).toString(
      "base64url",
    );
    for (const list of ["sessions", "tasks"]) {
      const { status, body } = await ask(`/${list}?cursor=${groups}`);
      assert.equal(status, 200, body);
    }
  }
});

test("ids in paths are bound or refused", async () => {
  for (const text of HOSTILE) {
    const id = encodeURIComponent(text);
    assert.equal((await ask(`/traces/${id}`)).status, 400);
    assert.equal((await ask(`/traces/${id}/spans/${spanIdOf("a")}`)).status, 400);
    assert.equal((await ask(`/traces/${traceIdOf("a")}/spans/${id}`)).status, 400);
    for (const group of ["sessions", "tasks"]) {
      assert.equal((await ask(`/${group}/${id}`)).status, 404);
      assert.deepEqual(JSON.parse((await ask(`/${group}?id=${id}`)).body).items, []);
    }
    for (const signal of ["traces", "logs"])
      assert.equal((await ask(`/export/${signal}?trace=${id}`)).status, 400);
    for (const signal of ["traces", "logs", "metrics"])
      assert.equal((await ask(`/export/${signal}?from=${id}`)).status, 400);
  }
});

test("no hostile text was ever part of a statement, and nothing was lost", async () => {
  assert.ok(asked.statements.length > 400, String(asked.statements.length));
  for (const sql of asked.statements) assert.ok(!sql.includes(MARK), sql);
  const texts = JSON.stringify(asked.bound, (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  for (const text of HOSTILE)
    assert.ok(texts.includes(JSON.stringify(text).slice(1, -1)), `${text} was never bound`);
  const { body } = await ask("/traces");
  assert.equal(JSON.parse(body).items.length, 1);
});
