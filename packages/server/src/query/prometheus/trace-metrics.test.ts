import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { StoreRefused, StoreUnavailable } from "../../store/store-errors.ts";
import { spanIdOf, traceIdOf } from "../testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import { watched } from "../testing/watched-store.ts";
import type { Histogram } from "./histogram.ts";
import { Clock, DAY, MS, NEVER, START_NS, span, storeBatch } from "./testing/stored-batches.ts";
import { TraceMetrics } from "./trace-metrics.ts";

const SERVER = 2;

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
});

after(async () => {
  await opened?.close();
});

function figures({ count, totalNs, buckets }: Histogram) {
  const filled = buckets.flatMap((calls, index) => (calls ? [[index, calls]] : []));
  return { count, totalMs: totalNs / 1e6, buckets: filled };
}

test("spans are counted by service, name, kind and status, each in its bucket", async () => {
  const metrics = new TraceMetrics(opened.store, { restMs: 0 });
  await storeBatch(opened.store, metrics, [
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
  await storeBatch(opened.store, metrics, [
    span("r1", "tick", { service_name: "rising", duration_ns: 3n * MS }),
  ]);
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
  await storeBatch(opened.store, metrics, [
    span("r2", "tick", { service_name: "rising", duration_ns: 4n * MS, start_ns: START_NS + 1n * MS }),
  ]);
  await storeBatch(opened.store, metrics, [
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
  await storeBatch(opened.store, metrics, [
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

test("the store is asked nothing until somebody asks, and once for all who ask within a moment", async () => {
  const clock = new Clock();
  const { store, statements } = watched(opened.store);
  const metrics = new TraceMetrics(store, { nowMs: clock.nowMs });
  await storeBatch(opened.store, metrics, [span("q", "a")]);
  assert.equal(statements.length, 0);
  await Promise.all([metrics.refresh(NEVER), metrics.refresh(NEVER), metrics.refresh(NEVER)]);
  const once = statements.length;
  assert.equal(once, 5);
  clock.seconds += 2;
  await metrics.refresh(NEVER);
  assert.equal(statements.length, once);
  clock.seconds += 1;
  await metrics.refresh(NEVER);
  // Nothing was stored, so only the tables are measured.
  assert.equal(statements.length, once + 1);
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
  await storeBatch(opened.store, metrics, [span("f", "a"), span("f", "b")]);
  for (let time = 0; time < 5; time++) await metrics.refresh(NEVER);
  assert.deepEqual([metrics.pendingSpans, metrics.skippedSpans, metrics.failures, told.length], [2, 0, 5, 1]);
  failure = new StoreRefused(241, "too much");
  for (let time = 0; time < 3; time++) await metrics.refresh(NEVER);
  assert.deepEqual([metrics.pendingSpans, metrics.skippedSpans, metrics.failures], [0, 2, 8]);
  failure = undefined;
  await storeBatch(opened.store, metrics, [span("f", "c")]);
  await metrics.refresh(NEVER);
  assert.deepEqual(
    [...metrics.spans.table].map(({ labels }) => labels[1]),
    ["c"],
  );
});

test("who no longer waits is let go", async () => {
  const metrics = new TraceMetrics(opened.store, { restMs: 0 });
  await storeBatch(opened.store, metrics, [span("w", "a")]);
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
  await storeBatch(opened.store, metrics, [span("v", "a")]);
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
