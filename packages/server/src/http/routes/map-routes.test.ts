import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LiveTraces } from "../../query/live-traces.ts";
import { Queries } from "../../query/queries.ts";
import { insertSpans, spanIdOf, traceIdOf } from "../../query/testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../../query/testing/test-store.ts";
import { type WatchedStore, watched } from "../../query/testing/watched-store.ts";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { raw, refusal, type Served, serveApi } from "../testing/serve-api.ts";

const MARK = "zqxj";
const HOSTILE = [
  `${MARK}' OR '1'='1`,
  `${MARK}\\' OR 1=1 #`,
  `${MARK}"; DROP TABLE spans; --`,
  `${MARK}*/ OR true /*:rows*/`,
  `${MARK}{bound_1:String}`,
  `${MARK}\u0000'\t\n\\N`,
];
const START_MS = 1_790_000_000_000;

let opened: TestStore;
let served: Served;
let asked: WatchedStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  const at = (ms: number) => ({ start_ns: BigInt(START_MS + ms) * 1_000_000n, trace_id: traceIdOf("a") });
  await insertSpans(opened.store, [
    {
      ...at(0),
      span_id: spanIdOf("a"),
      agent_name: "planner",
      span_type: "agent",
      duration_ns: 500_000_000n,
    },
    {
      ...at(10),
      span_id: spanIdOf("b"),
      parent_span_id: spanIdOf("a"),
      agent_name: HOSTILE[2]!,
      span_type: "agent",
      status_code: 2,
      duration_ns: 250_000_000n,
    },
  ]);
  asked = watched(opened.store);
  const { store } = asked;
  served = await serveApi({ queries: new Queries(store), live: new LiveTraces(store) });
});

after(async () => {
  await served?.close();
  await opened?.close();
});

test("the map has nodes and edges with their figures", async () => {
  const { tookMs, ...answer } = await served.client.map({ from: START_MS, to: START_MS + 1 });
  assert.ok(tookMs >= 0);
  const none = { tokens: { input: 0, output: 0, cacheRead: 0 }, costUsd: 0 };
  const callee = `agent:${HOSTILE[2]}`;
  assert.deepEqual(answer, {
    scope: "agents",
    fromMs: START_MS,
    toMs: START_MS + 1,
    nodes: [
      {
        key: "agent:planner",
        type: "agent",
        name: "planner",
        calls: 1,
        errors: 0,
        errRate: 0,
        p50Ms: 500,
        p95Ms: 500,
        ...none,
      },
      {
        key: callee,
        type: "agent",
        name: HOSTILE[2],
        calls: 1,
        errors: 1,
        errRate: 1,
        p50Ms: 250,
        p95Ms: 250,
        ...none,
      },
    ],
    edges: [{ from: "agent:planner", to: callee, type: "call", calls: 1, errors: 1, errRate: 1, p95Ms: 250 }],
    traceCount: 1,
  });
});

test("without a stretch it is the last hour, and without a beginning the hour before the end", async () => {
  const recent = await served.client.map();
  assert.deepEqual([recent.traceCount, recent.toMs - recent.fromMs], [0, 3_600_000]);
  const before = await served.client.map({ to: START_MS + 1000, scope: "services" });
  assert.deepEqual(
    [before.fromMs, before.traceCount, before.nodes.length],
    [START_MS + 1000 - 3_600_000, 1, 1],
  );
});

test("every parameter that is not allowed is refused with what is", async () => {
  for (const [query, parameter] of [
    ["scope=tools", "scope"],
    ["scope=agents&scope=agents", "scope"],
    ["from=yesterday", "from"],
    ["from=2000&to=1000", "from"],
    ["depth=-1", "depth"],
    ["depth=21", "depth"],
    ["focus=", "focus"],
    ["include=agents", "include"],
    ["folder=x", "folder"],
  ]) {
    const { status, body } = await raw(`${served.url}/api/v1/map?${query}`);
    const { error } = JSON.parse(String(body));
    assert.deepEqual([status, error.code], [400, "invalid_parameter"], query);
    assert.match(error.message, new RegExp(`^${parameter} `));
  }
});

test("hostile text is a focus that nobody has, or is refused, and never part of a statement", async () => {
  const stretch = { from: START_MS, to: START_MS + 1 };
  for (const text of HOSTILE) {
    const { focus, nodes } = await served.client.map({ ...stretch, focus: text });
    assert.equal(nodes.length, text === HOSTILE[2] ? 2 : 0, text);
    assert.ok(focus);
    for (const parameter of ["scope", "from", "to", "depth", "include"]) {
      const given = { ...stretch, [parameter]: text };
      assert.equal((await refusal(served.client.map(given as never))).status, 400, `${parameter}=${text}`);
    }
  }
  assert.ok(asked.statements.length > 10);
  for (const sql of asked.statements) assert.ok(!sql.includes(MARK), sql);
});
