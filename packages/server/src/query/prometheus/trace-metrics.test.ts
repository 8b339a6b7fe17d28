import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import type { Store } from "../../store/store.ts";
import { StoreRefused, StoreUnavailable } from "../../store/store-errors.ts";
import { insertSpans, type SpanSeed, spanIdOf, traceIdOf } from "../testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import type { Histogram } from "./histogram.ts";
import { TraceMetrics } from "./trace-metrics.ts";

const START_NS = 1_780_000_000_000_000_000n;
const MS = 1_000_000n;
const CLIENT = 3;
const SERVER = 2;
const PRODUCER = 4;
const CONSUMER = 5;
const NEVER = new AbortController().signal;
/** The partition that `insertSpans` writes. */
const DAY = Date.UTC(2026, 0, 1) / 86_400_000;

let opened: TestStore;
let batches = 0;

before(async () => {
  opened = await openTestStore(openEmbedded);
  await nameKey(opened.store, "peer.service");
});

after(async () => {
  await opened?.close();
});

/** A clock that is set by hand. */
class Clock {
  seconds = 100;
  readonly nowMs = (): number => this.seconds * 1000;
}

function span(trace: string, name: string, more: Partial<SpanSeed> = {}): SpanSeed {
  return {
    trace_id: traceIdOf(trace),
    span_id: spanIdOf(`${trace} ${name}`),
    start_ns: START_NS,
    name,
    ...more,
  };
}

/** A child of the span with this name. */
function below(trace: string, parent: string): Pick<SpanSeed, "parent_span_id"> {
  return { parent_span_id: spanIdOf(`${trace} ${parent}`) };
}

/** Stores one batch, as the server does. */
async function store(
  metrics: TraceMetrics,
  spans: readonly SpanSeed[],
  into: Store = opened.store,
): Promise<void> {
  await insertSpans(into, spans);
  batches += 1;
  metrics.onStored({ batchId: BigInt(batches), day: DAY, spans: spans.length, logs: 0, metricPoints: 0 });
}

/** Ingest notes each key that it sees. */
async function nameKey(store: Store, key: string): Promise<void> {
  const sql = "INSERT INTO attribute_keys SELECT 'span', {key:String}, 'string', toDate('2026-01-01')";
  await store.command(sql, { parameters: { key } });
}

function countingStatements(store: Store): { readonly store: Store; readonly statements: string[] } {
  const statements: string[] = [];
  const proxy = new Proxy(store, {
    get(target, key) {
      const value = Reflect.get(target, key, target) as unknown;
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        statements.push(String(args[0]));
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
  return { store: proxy, statements };
}

function figures(histogram: Histogram | undefined) {
  const { count = 0, totalNs = 0, buckets = [] } = histogram ?? {};
  return {
    count,
    totalMs: totalNs / 1e6,
    buckets: buckets.flatMap((calls, index) => (calls ? [[index, calls]] : [])),
  };
}

/** Requests by `client → server type`, with how many failed and the milliseconds of both sides. */
function graph(metrics: TraceMetrics): Record<string, number[]> {
  const entries = [...metrics.requests.table].map(({ labels: [client, server, type], value }) => [
    `${client} → ${server} ${type}`.trimEnd(),
    [value.client.count, value.failed, value.client.totalNs / 1e6, value.server.totalNs / 1e6],
  ]);
  return Object.fromEntries(entries) as Record<string, number[]>;
}

test("spans are counted by service, name, kind and status, each in its bucket", async () => {
  const metrics = new TraceMetrics(opened.store, { restMs: 0 });
  await store(metrics, [
    span("a", "get", { service_name: "shop", kind: SERVER, duration_ns: 2n * MS }),
    span("a", "get again", { service_name: "shop", name: "get", kind: SERVER, duration_ns: 2n * MS + 1n }),
    span("a", "failed", {
      service_name: "shop",
      name: "get",
      kind: SERVER,
      status_code: 2,
      duration_ns: -5n,
    }),
    span("a", "long", { service_name: "shop", duration_ns: 3_600_000n * MS, status_code: 1 }),
    span("a", "open", { service_name: "shop", is_running: 1 }),
  ]);
  await metrics.refresh(NEVER);
  const found = [...metrics.spans.table].map(({ labels, value }) => [...labels, figures(value)]);
  assert.deepEqual(found.sort(), [
    ["shop", "get", "SPAN_KIND_SERVER", "STATUS_CODE_ERROR", { count: 1, totalMs: 0, buckets: [[0, 1]] }],
    [
      "shop",
      "get",
      "SPAN_KIND_SERVER",
      "STATUS_CODE_UNSET",
      {
        count: 2,
        totalMs: 4.000001,
        buckets: [
          [0, 1],
          [1, 1],
        ],
      },
    ],
    [
      "shop",
      "long",
      "SPAN_KIND_INTERNAL",
      "STATUS_CODE_OK",
      { count: 1, totalMs: 3_600_000, buckets: [[21, 1]] },
    ],
  ]);
});

test("figures rise by what was stored since the last time, and tell one span of each bucket", async () => {
  const metrics = new TraceMetrics(opened.store, { restMs: 0 });
  const series = () => [...metrics.spans.table].find(({ labels }) => labels[0] === "rising")?.value;
  await store(metrics, [span("r1", "tick", { service_name: "rising", duration_ns: 3n * MS })]);
  await metrics.refresh(NEVER);
  const first = series();
  assert.deepEqual(first?.exemplars[1], {
    traceId: traceIdOf("r1"),
    spanId: spanIdOf("r1 tick"),
    durationNs: 3_000_000,
    endedMs: Number(START_NS / MS) + 3,
  });
  await metrics.refresh(NEVER);
  assert.equal(series()?.count, 1);
  await store(metrics, [
    span("r2", "tick", { service_name: "rising", duration_ns: 4n * MS, start_ns: START_NS + 1n * MS }),
  ]);
  await store(metrics, [
    span("r3", "tick", { service_name: "rising", duration_ns: 4n * MS, start_ns: START_NS - 9n * MS }),
  ]);
  await metrics.refresh(NEVER);
  assert.equal(series()?.count, 3);
  // Of several that are read at once it is any of them, but never one that ended before the one that is known.
  const { endedMs = 0 } = series()?.exemplars[1] ?? {};
  assert.ok(endedMs >= Number(START_NS / MS) + 3);
  assert.deepEqual([...metrics.spans.table].length, 1, "what was stored before is not counted");
});

test("tokens and cost are those of the calls that count, by agent and model", async () => {
  const metrics = new TraceMetrics(opened.store, { restMs: 0 });
  const agent = { service_name: "fleet", agent_name: "planner", provider: "openai", model: "m1" };
  await store(metrics, [
    span("t", "chat", {
      ...agent,
      span_type: "llm",
      input_tokens: 100,
      output_tokens: 7,
      cost_usd: 0.5,
      usage_counts: 1,
    }),
    span("t", "more", { ...agent, span_type: "llm", input_tokens: 10, cost_usd: 0.25, usage_counts: 1 }),
    span("t", "framework", {
      ...agent,
      span_type: "llm",
      input_tokens: 110,
      output_tokens: 7,
      cost_usd: 0.75,
    }),
    span("t", "search", {
      service_name: "fleet",
      agent_name: "planner",
      span_type: "tool",
      tool_name: "search",
      status_code: 2,
    }),
    span("t", "http", { service_name: "fleet" }),
  ]);
  await metrics.refresh(NEVER);
  assert.deepEqual(
    [...metrics.agents.usage],
    [
      {
        labels: ["fleet", "planner", "openai", "m1"],
        value: { input: 110, output: 7, cacheRead: 0, cacheWrite: 0, reasoning: 0, costUsd: 0.75 },
      },
    ],
  );
  const operations = [...metrics.agents.operations].map(({ labels, value }) => [...labels, value.count]);
  assert.deepEqual(operations, [
    ["fleet", "planner", "llm", "openai", "m1", "", "STATUS_CODE_UNSET", 3],
    ["fleet", "planner", "tool", "", "", "search", "STATUS_CODE_ERROR", 1],
  ]);
});

test("a request is counted when its later side comes, whichever that is", async () => {
  const metrics = new TraceMetrics(opened.store, { restMs: 0, nowMs: new Clock().nowMs });
  const call = (trace: string) =>
    span(trace, "call", { service_name: "shop", kind: CLIENT, duration_ns: 9n * MS });
  const serve = (trace: string, more: Partial<SpanSeed> = {}) =>
    span(trace, "serve", {
      service_name: "bank",
      kind: SERVER,
      ...below(trace, "call"),
      duration_ns: 4n * MS,
      ...more,
    });
  await store(metrics, [call("p1"), serve("p1"), call("p2"), serve("p3", { status_code: 2 })]);
  await metrics.refresh(NEVER);
  assert.deepEqual(graph(metrics), { "shop → bank": [1, 0, 9, 4] });
  await store(metrics, [serve("p2"), call("p3")]);
  await metrics.refresh(NEVER);
  assert.deepEqual(graph(metrics), { "shop → bank": [3, 1, 27, 12] });
  await store(metrics, [span("p4", "other", { service_name: "shop" })]);
  await metrics.refresh(NEVER);
  assert.deepEqual(graph(metrics), { "shop → bank": [3, 1, 27, 12] });
});

test("a message counts once for each service that takes it", async () => {
  const metrics = new TraceMetrics(opened.store, { restMs: 0, nowMs: new Clock().nowMs });
  const take = (service: string) =>
    span("m", `take ${service}`, { service_name: service, kind: CONSUMER, ...below("m", "send") });
  await store(metrics, [
    span("m", "send", { service_name: "desk", kind: PRODUCER }),
    take("left"),
    take("right"),
  ]);
  await metrics.refresh(NEVER);
  assert.deepEqual(graph(metrics), {
    "desk → left messaging_system": [1, 0, 1, 1],
    "desk → right messaging_system": [1, 0, 1, 1],
  });
});

test("a request without another side is one to a database, from a user, or, once it has waited, to a peer", async () => {
  const clock = new Clock();
  const metrics = new TraceMetrics(opened.store, { restMs: 0, nowMs: clock.nowMs });
  const call = (name: string, attributes: Record<string, string>, more: Partial<SpanSeed> = {}) =>
    span("l", name, { service_name: "shop", kind: CLIENT, attributes, ...more });
  await store(metrics, [
    call("select", { "db.system": "postgresql", "db.namespace": "orders", "server.address": "pg-1" }),
    call("redis", {
      "db.system.name": "redis",
      "network.peer.address": "10.0.0.7",
      "network.peer.port": "6379",
    }),
    call("sqlite", { "db.name": "main" }, { status_code: 2 }),
    call("pay", { "peer.service": "stripe" }),
    call("chat", {}, { provider: "openai", usage_counts: 1, span_type: "llm" }),
    call("framework", {}, { provider: "openai", usage_counts: 0, span_type: "llm" }),
    call("somewhere", { "server.address": "example.org" }),
    call("answered", { "peer.service": "bank" }),
    span("l", "serve", { service_name: "bank", kind: SERVER, ...below("l", "answered") }),
    span("l", "entry", { service_name: "shop", kind: SERVER }),
    span("l", "orphan", { service_name: "shop", kind: SERVER, ...below("l", "never sent") }),
    span("l", "nested", { service_name: "shop", kind: SERVER, ...below("l", "entry") }),
    span("l", "nameless", { service_name: "", kind: SERVER }),
  ]);
  const atOnce = {
    "shop → bank": [1, 0, 1, 1],
    "shop → 10.0.0.7:6379 database": [1, 0, 1, 1],
    "shop → main database": [1, 1, 1, 1],
    "shop → pg-1 database": [1, 0, 1, 1],
    "user → shop virtual_node": [1, 0, 1, 1],
  };
  await metrics.refresh(NEVER);
  assert.deepEqual(graph(metrics), atOnce);
  clock.seconds += 9;
  await metrics.refresh(NEVER);
  assert.deepEqual(graph(metrics), atOnce);
  clock.seconds += 1;
  await metrics.refresh(NEVER);
  const all = {
    ...atOnce,
    "shop → openai virtual_node": [1, 0, 1, 1],
    "shop → stripe virtual_node": [1, 0, 1, 1],
  };
  assert.deepEqual(graph(metrics), all);
  clock.seconds += 60;
  await metrics.refresh(NEVER);
  assert.deepEqual(graph(metrics), all);
});

test("attributes are read once a span has named a peer", async () => {
  const other = await openTestStore(openEmbedded);
  try {
    const watched = countingStatements(other.store);
    const metrics = new TraceMetrics(watched.store, { restMs: 0 });
    for (const time of [1, 2, 3]) {
      const call = span("n", `select ${time}`, { kind: CLIENT, attributes: { "db.name": "main" } });
      await store(metrics, [call], other.store);
      await metrics.refresh(NEVER);
      const sides = watched.statements.findLast((sql) => sql.includes("request_id"));
      assert.equal(sides?.includes("attributes["), time > 1);
      assert.deepEqual(Object.keys(graph(metrics)), time > 1 ? ["service → main database"] : []);
      await nameKey(other.store, "db.name");
    }
    assert.equal(watched.statements.filter((sql) => sql.includes("attribute_keys")).length, 2);
  } finally {
    await other.close();
  }
});

test("an answer that comes after its request was given up does not make a second one", async () => {
  const clock = new Clock();
  const metrics = new TraceMetrics(opened.store, { restMs: 0, nowMs: clock.nowMs });
  await store(metrics, [
    span("late", "call", { service_name: "a", kind: CLIENT, attributes: { "peer.service": "b" } }),
  ]);
  await metrics.refresh(NEVER);
  clock.seconds += 10;
  await metrics.refresh(NEVER);
  await store(metrics, [
    span("late", "serve", { service_name: "b", kind: SERVER, ...below("late", "call") }),
  ]);
  await metrics.refresh(NEVER);
  clock.seconds += 10;
  await metrics.refresh(NEVER);
  assert.deepEqual(graph(metrics), { "a → b virtual_node": [1, 0, 1, 1] });
});

test("the store is asked nothing until somebody asks, and once for all who ask within a moment", async () => {
  const clock = new Clock();
  const watched = countingStatements(opened.store);
  const metrics = new TraceMetrics(watched.store, { nowMs: clock.nowMs });
  await store(metrics, [span("q", "a")]);
  assert.equal(watched.statements.length, 0);
  await Promise.all([metrics.refresh(NEVER), metrics.refresh(NEVER), metrics.refresh(NEVER)]);
  const once = watched.statements.length;
  assert.equal(once, 5);
  clock.seconds += 2;
  await metrics.refresh(NEVER);
  assert.equal(watched.statements.length, once);
  clock.seconds += 1;
  await metrics.refresh(NEVER);
  // Nothing was stored, so only the tables are measured.
  assert.equal(watched.statements.length, once + 1);
});

test("a store that is away costs no span; a range that cannot be read is skipped at last", async () => {
  let failure: Error | undefined = new StoreUnavailable("away");
  const failing = new Proxy(opened.store, {
    get(target, key) {
      if (key === "query" && failure !== undefined) return () => Promise.reject(failure);
      const value = Reflect.get(target, key, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const told: unknown[] = [];
  const metrics = new TraceMetrics(failing, { restMs: 0, onError: (error) => told.push(error) });
  await store(metrics, [span("f", "a"), span("f", "b")]);
  for (let time = 0; time < 5; time++) await metrics.refresh(NEVER);
  assert.deepEqual([metrics.pendingSpans, metrics.skippedSpans, metrics.failures, told.length], [2, 0, 5, 1]);
  failure = new StoreRefused(241, "too much");
  for (let time = 0; time < 3; time++) await metrics.refresh(NEVER);
  assert.deepEqual([metrics.pendingSpans, metrics.skippedSpans, metrics.failures], [0, 2, 8]);
  failure = undefined;
  await store(metrics, [span("f", "c")]);
  await metrics.refresh(NEVER);
  assert.deepEqual(
    [...metrics.spans.table].map(({ labels }) => labels[1]),
    ["c"],
  );
});

test("who no longer waits is let go", async () => {
  const metrics = new TraceMetrics(opened.store, { restMs: 0 });
  await store(metrics, [span("w", "a")]);
  const leaving = new AbortController();
  const left = metrics.refresh(leaving.signal);
  const staying = metrics.refresh(NEVER);
  leaving.abort(new Error("gone"));
  await assert.rejects(left, /gone/);
  await staying;
  assert.equal(metrics.pendingSpans, 0);
  await assert.rejects(metrics.refresh(AbortSignal.abort(new Error("gone"))), /gone/);
});

test("figures that take longer than somebody waits are there the next time", async () => {
  const metrics = new TraceMetrics(opened.store, { restMs: 0 });
  await store(metrics, [span("v", "a")]);
  await metrics.refresh(NEVER, 0);
  assert.equal([...metrics.spans.table].length, 0);
  await metrics.refresh(NEVER);
  assert.equal([...metrics.spans.table].length, 1);
});

test("of too many names some are counted and the others told of", async () => {
  const metrics = new TraceMetrics(opened.store, { restMs: 0 });
  const sql = `
    INSERT INTO spans (received_day, batch_id, start_time, duration_ns, trace_id, span_id, name, kind, service_name)
    SELECT toDate('2026-01-01'), {batch:UInt64}, toDateTime64(1780000000, 9, 'UTC'), 1, toFixedString('trace', 16),
      toFixedString('span', 8), concat('name ', if(number < 500, 'of many', toString(number))), 2, 'service'
    FROM numbers(12500)`;
  const batchId = 1_000_000n;
  await opened.store.command(sql, { parameters: { batch: batchId } });
  metrics.onStored({ batchId, day: DAY, spans: 12_500, logs: 0, metricPoints: 0 });
  await metrics.refresh(NEVER);
  const counts = [...metrics.spans.table].map(({ labels, value }) => [labels[1], value.count] as const);
  assert.equal(counts.length, 2000);
  assert.deepEqual(counts[0], ["name of many", 500]);
  assert.equal(
    counts.reduce((sum, [, count]) => sum + count, 0),
    2499,
  );
  assert.equal(metrics.spans.table.leftOut, 12_500 - 2499);
});
