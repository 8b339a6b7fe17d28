import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { findTraces, traceHeads } from "./find-traces.ts";
import { insertResource, insertSpans, type SpanSeed, spanIdOf, traceIdOf } from "./testing/insert-spans.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";
import type { TraceConditions } from "./trace-conditions.ts";

const SECOND = 1_000_000_000n;
const T0 = 1_790_000_000n * SECOND;

let opened: TestStore;

function root(name: string, atS: number, rest: Partial<SpanSeed> = {}): SpanSeed {
  return {
    trace_id: traceIdOf(name),
    span_id: spanIdOf(name),
    start_ns: T0 + BigInt(atS) * SECOND,
    name,
    ...rest,
  };
}

function child(name: string, of: string, atS: number, rest: Partial<SpanSeed> = {}): SpanSeed {
  const parent_span_id = spanIdOf(of);
  return {
    ...root(name, atS, rest),
    trace_id: traceIdOf(of),
    span_id: spanIdOf(`${of}/${name}`),
    parent_span_id,
  };
}

async function found(conditions: TraceConditions, limit = 50): Promise<string[]> {
  const { items } = await findTraces(opened.store, { conditions, limit });
  return items.map((item) => item.rootName);
}

async function one(name: string): Promise<TraceItem> {
  const [item] = await traceHeads(opened.store, [traceIdOf(name)]);
  assert.ok(item);
  return item;
}

before(async () => {
  opened = await openTestStore(openEmbedded);
  const { store } = opened;
  await insertResource(store, 77n, { "service.name": "billing", "deployment.environment": "staging" });
  await insertSpans(store, [
    root("plan", 0, {
      service_name: "planner",
      agent_name: "planner",
      session_id: "s-1",
      task_id: "t-1",
      user_id: "u-1",
      duration_ns: 10n * SECOND,
      attributes: { "order.id": "o'1", tier: "gold" },
    }),
    child("chat", "plan", 1, {
      span_type: "model",
      model: "gpt-5",
      usage_counts: 1,
      input_tokens: 100,
      output_tokens: 20,
      cost_usd: 0.25,
      content: { "gen_ai.input.messages": "Please find the Llama report" },
    }),
    root("search", 60, {
      service_name: "searcher",
      session_id: "s-2",
      test_case_id: "case-1",
      test_run_id: "run-1",
      resource_id: 77n,
    }),
    child("query", "search", 61, {
      span_type: "tool",
      tool_name: "sql",
      status_code: 2,
      status_message: "x".repeat(100),
      error_type: "timeout",
      service_name: "db",
      agent_name: "analyst",
      duration_ns: SECOND,
    }),
    child("late error", "search", 65, { status_code: 2, error_type: "second" }),
    // Continues "plan" in another trace, without ids of its own.
    root("continued", 120, { links: [{ traceId: traceIdOf("plan"), spanId: spanIdOf("plan") }] }),
    child("orphan b", "nowhere", 181),
    child("orphan a", "nowhere", 180, { service_name: "lost" }),
  ]);
});

after(() => opened.close());

test("the newest trace comes first, by the start of its first span", async () => {
  assert.deepEqual(await found({}), ["orphan a", "continued", "search", "plan"]);
});

test("a trace without a root is named after its earliest span and says so", async () => {
  const item = await one("nowhere");
  assert.equal(item.rootMissing, true);
  assert.equal(item.rootName, "orphan a");
  assert.equal(item.rootService, "lost");
  assert.equal((await one("plan")).rootMissing, false);
});

test("a line adds up its trace", async () => {
  const item = await one("plan");
  assert.equal(item.startNanos, String(T0));
  assert.equal(item.startMs, Number(T0 / 1_000_000n));
  assert.equal(item.durMs, 10_000);
  assert.equal(item.spanCount, 2);
  assert.equal(item.llmCalls, 1);
  assert.equal(item.toolCalls, 0);
  assert.deepEqual(item.tokens, { input: 100, output: 20, cacheRead: 0 });
  assert.equal(item.costUsd, 0.25);
  assert.deepEqual(item.services, ["planner", "service"]);
  assert.deepEqual(item.agents, ["planner"]);
  assert.deepEqual(item.models, ["gpt-5"]);
  assert.equal(item.status, "unset");
  assert.equal(item.error, undefined);
});

test("the error shown is the one that ended first, cut to 80 characters", async () => {
  const item = await one("search");
  assert.equal(item.status, "error");
  assert.equal(item.rootStatus, "unset");
  assert.equal(item.errorCount, 2);
  assert.deepEqual(item.error, {
    type: "timeout",
    message: "x".repeat(80),
    service: "db",
    agent: "analyst",
    spanId: spanIdOf("search/query"),
  });
});

test("an id of a linked trace holds in both directions, marked as inherited", async () => {
  const continued = await one("continued");
  assert.deepEqual(continued.session, { id: "s-1", inherited: true });
  assert.deepEqual(continued.task, { id: "t-1", inherited: true });
  assert.deepEqual((await one("plan")).session, { id: "s-1", inherited: false });
  assert.deepEqual(await found({ ids: { session: ["s-1"] } }), ["continued", "plan"]);
  assert.deepEqual((await one("search")).test, {
    case: { id: "case-1", inherited: false },
    run: { id: "run-1", inherited: false },
  });
});

test("of several ids that one trace carries the one asked for is shown", async () => {
  const both = { session_id: "x-1" };
  await insertSpans(opened.store, [
    root("both", 30, both),
    child("other", "both", 31, { session_id: "x-2" }),
  ]);
  for (const session of ["x-1", "x-2"]) {
    const { items } = await findTraces(opened.store, {
      conditions: { ids: { session: [session] } },
      limit: 5,
    });
    assert.deepEqual(
      items.map((item) => [item.rootName, item.session]),
      [["both", { id: session, inherited: false }]],
    );
  }
});

test("every filter finds its traces and no other", async () => {
  const cases: [TraceConditions, string[]][] = [
    [{ services: ["planner"] }, ["plan"]],
    [{ services: ["planner", "db"] }, ["search", "plan"]],
    [{ agents: ["analyst"] }, ["search"]],
    [{ models: ["gpt-5"] }, ["plan"]],
    [{ tools: ["sql"] }, ["search"]],
    [{ ids: { session: ["s-2"] } }, ["search"]],
    [{ ids: { task: ["t-1"], user: ["u-1"] } }, ["continued", "plan"]],
    [{ ids: { session: ["s-2"], user: ["u-1"] } }, []],
    [{ ids: { testCase: ["case-1"], testRun: ["run-1"] } }, ["search"]],
    [{ ids: { conversation: ["c"] } }, []],
    [{ status: "error" }, ["search"]],
    [{ status: "ok" }, ["orphan a", "continued", "both", "plan"]],
    [{ minDurationNs: 10n * SECOND }, ["plan"]],
    [{ maxDurationNs: 1_000_000n }, ["continued"]],
    [{ name: "ORPH" }, ["orphan a"]],
    [{ name: "que" }, ["search"]],
    [{ fromNs: T0 + 60n * SECOND }, ["orphan a", "continued", "search"]],
    [{ toNs: T0 + 60n * SECOND }, ["both", "plan"]],
    [{ fromNs: T0 + 1n, toNs: T0 + 61n * SECOND }, ["search", "both"]],
    [{ attributes: [{ key: "order.id", values: ["o'1"] }] }, ["plan"]],
    [{ attributes: [{ key: "tier", values: ["gold", "free"] }] }, ["plan"]],
    [{ attributes: [{ key: "tier", values: ["gol"] }] }, []],
    [{ attributes: [{ key: "deployment.environment", values: ["staging"] }] }, ["search"]],
    [{ attributes: [{ key: "absent", values: [""] }] }, []],
    [{ text: "llama REPORT" }, ["plan"]],
    [{ text: "llama missing" }, []],
    [{ services: ["planner"], ids: { session: ["s-1"] }, text: "find" }, ["plan"]],
  ];
  for (const [conditions, names] of cases)
    assert.deepEqual(await found(conditions), names, JSON.stringify(conditions, bigintAsText));
});

test("pages follow one another without a gap or a repeat", async () => {
  const names: string[] = [];
  let next: Parameters<typeof findTraces>[1]["after"];
  do {
    const page = await findTraces(opened.store, { conditions: {}, limit: 1, ...(next && { after: next }) });
    names.push(...page.items.map((item) => item.rootName));
    next = page.next;
  } while (next);
  assert.deepEqual(names, ["orphan a", "continued", "search", "both", "plan"]);
});

test("a trace whose later spans came in a later insert is one trace with its true start", async () => {
  const { store } = opened;
  await insertSpans(store, [root("long", 600, { duration_ns: 4000n * SECOND, service_name: "slow" })]);
  await insertSpans(store, [root("between", 2000)]);
  await insertSpans(store, [child("end", "long", 4000, { status_code: 2, status_message: "late" })]);
  const window = { fromNs: T0 + 500n * SECOND };
  assert.deepEqual(await found(window), ["between", "long"]);
  assert.deepEqual(await found({ fromNs: T0 + 1000n * SECOND }), ["between"]);
  assert.deepEqual(await found({ ...window, status: "error", services: ["slow"] }), ["long"]);
  assert.deepEqual(await found({ ...window, toNs: T0 + 700n * SECOND, status: "error" }), ["long"]);
  assert.deepEqual(await found({ ...window, status: "ok" }), ["between"]);
  assert.equal((await one("long")).spanCount, 2);
});

test("traces beyond the first stretch of time are reached, in order and complete", async () => {
  const { store } = opened;
  const dense = Array.from({ length: 3000 }, (_, index) => root(`dense ${index}`, 10_000 + index * 7));
  await insertSpans(store, dense);
  await insertSpans(store, [root("needle", 9000, { tool_name: "needle", span_type: "tool" })]);
  assert.deepEqual(await found({ tools: ["needle"] }), ["needle"]);
  const names: string[] = [];
  let next: Parameters<typeof findTraces>[1]["after"];
  do {
    const conditions = { fromNs: T0 + 9000n * SECOND };
    const page = await findTraces(store, { conditions, limit: 700, ...(next && { after: next }) });
    names.push(...page.items.map((item) => item.rootName));
    next = page.next;
  } while (next);
  assert.deepEqual(names, [...dense.map((span) => span.name).reverse(), "needle"]);
});

test("of an id that hundreds of traces carry the newest are shown, and all by pages", async () => {
  const members = Array.from({ length: 250 }, (_, index) =>
    root(`member ${index}`, 20_000 + index, { task_id: "club" }),
  );
  await insertSpans(opened.store, members);
  const conditions = { ids: { task: ["club"] } };
  const first = await findTraces(opened.store, { conditions, limit: 200 });
  assert.ok(first.next);
  const second = await findTraces(opened.store, { conditions, limit: 200, after: first.next });
  assert.deepEqual(
    [...first.items, ...second.items].map((item) => item.rootName),
    members.map(({ name }) => name).reverse(),
  );
  assert.equal(second.next, undefined);
});

test("an id that thousands of traces carry is found by going back in time, links included", async () => {
  const { store } = opened;
  const crowd = Array.from({ length: 5200 }, (_, index) =>
    root(`crowd ${index}`, 50_000 + index, { user_id: "everyone" }),
  );
  await insertSpans(store, crowd);
  await insertSpans(store, [
    root("follows the crowd", 90_000, {
      links: [{ traceId: traceIdOf("crowd 7"), spanId: spanIdOf("crowd 7") }],
    }),
    root("apart", 90_001),
  ]);
  assert.deepEqual(await found({ ids: { user: ["everyone"] } }, 3), [
    "follows the crowd",
    "crowd 5199",
    "crowd 5198",
  ]);
  assert.deepEqual(await found({ ids: { user: ["everyone"] }, name: "crowd 12" }, 2), [
    "crowd 1299",
    "crowd 1298",
  ]);
});

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}
