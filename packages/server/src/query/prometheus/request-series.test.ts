import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import type { SpanSeed } from "../testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import { watched } from "../testing/watched-store.ts";
import { below, Clock, MS, NEVER, noteKey, span, storeBatch } from "./testing/stored-batches.ts";
import { TraceMetrics } from "./trace-metrics.ts";

const CLIENT = 3;
const SERVER = 2;
const PRODUCER = 4;
const CONSUMER = 5;

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  await noteKey(opened.store, "peer.service");
});

after(async () => {
  await opened?.close();
});

/** Requests by `client → server type`, with how many failed and the milliseconds of both sides. */
function graph(metrics: TraceMetrics): Record<string, number[]> {
  const entries = [...metrics.requests.table].map(({ labels: [client, server, type], value }) => [
    `${client} → ${server} ${type}`.trimEnd(),
    [value.client.count, value.failed, value.client.totalNs / 1e6, value.server.totalNs / 1e6],
  ]);
  return Object.fromEntries(entries) as Record<string, number[]>;
}

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
  await storeBatch(opened.store, metrics, [
    call("p1"),
    serve("p1"),
    call("p2"),
    serve("p3", { status_code: 2 }),
  ]);
  await metrics.refresh(NEVER);
  assert.deepEqual(graph(metrics), { "shop → bank": [1, 0, 9, 4] });
  await storeBatch(opened.store, metrics, [serve("p2"), call("p3")]);
  await metrics.refresh(NEVER);
  assert.deepEqual(graph(metrics), { "shop → bank": [3, 1, 27, 12] });
  await storeBatch(opened.store, metrics, [span("p4", "other", { service_name: "shop" })]);
  await metrics.refresh(NEVER);
  assert.deepEqual(graph(metrics), { "shop → bank": [3, 1, 27, 12] });
});

test("a message counts once for each service that takes it", async () => {
  const metrics = new TraceMetrics(opened.store, { restMs: 0, nowMs: new Clock().nowMs });
  const take = (service: string) =>
    span("m", `take ${service}`, { service_name: service, kind: CONSUMER, ...below("m", "send") });
  await storeBatch(opened.store, metrics, [
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
  await storeBatch(opened.store, metrics, [
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
    const { store, statements } = watched(other.store);
    const metrics = new TraceMetrics(store, { restMs: 0 });
    for (const time of [1, 2, 3]) {
      const call = span("n", `select ${time}`, { kind: CLIENT, attributes: { "db.name": "main" } });
      await storeBatch(other.store, metrics, [call]);
      await metrics.refresh(NEVER);
      const sides = statements.findLast((sql) => sql.includes("request_id"));
      assert.equal(sides?.includes("attributes["), time > 1);
      assert.deepEqual(Object.keys(graph(metrics)), time > 1 ? ["service → main database"] : []);
      await noteKey(other.store, "db.name");
    }
    assert.equal(statements.filter((sql) => sql.includes("attribute_keys")).length, 2);
  } finally {
    await other.close();
  }
});

test("an answer that comes after its request was given up does not make a second one", async () => {
  const clock = new Clock();
  const metrics = new TraceMetrics(opened.store, { restMs: 0, nowMs: clock.nowMs });
  await storeBatch(opened.store, metrics, [
    span("late", "call", { service_name: "a", kind: CLIENT, attributes: { "peer.service": "b" } }),
  ]);
  await metrics.refresh(NEVER);
  clock.seconds += 10;
  await metrics.refresh(NEVER);
  await storeBatch(opened.store, metrics, [
    span("late", "serve", { service_name: "b", kind: SERVER, ...below("late", "call") }),
  ]);
  await metrics.refresh(NEVER);
  clock.seconds += 10;
  await metrics.refresh(NEVER);
  assert.deepEqual(graph(metrics), { "a → b virtual_node": [1, 0, 1, 1] });
});
