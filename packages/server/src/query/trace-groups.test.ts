import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../store/clickhouse-store.ts";
import type { GroupCursor } from "./group-cursor.ts";
import { hasSpans, storeTotals } from "./store-totals.ts";
import { insertSpans, type SpanSeed, spanIdOf, traceIdOf } from "./testing/insert-spans.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";
import { SessionNotFound, TaskNotFound, traceGroup } from "./trace-group.ts";
import { type GroupPageRequest, traceGroups } from "./trace-groups.ts";

const SECOND = 1_000_000_000n;
const T0 = 1_790_000_040n * SECOND;

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

async function ids(request: Partial<GroupPageRequest> = {}): Promise<string[]> {
  const { items } = await traceGroups(opened.store, "session", { limit: 50, ...request });
  return items.map((item) => item.id);
}

before(async () => {
  opened = await openTestStore(openEmbedded);
  assert.equal(await hasSpans(opened.store), false);
  await insertSpans(opened.store, [
    root("a1", 0, {
      session_id: "A",
      task_id: "T",
      usage_counts: 1,
      input_tokens: 10,
      cost_usd: 0.5,
      user_id: "u",
    }),
    root("b1", 120, { session_id: "B", status_code: 2, agent_name: "planner" }),
    // The trace belongs to the session although only one of its spans says so.
    { ...root("a2", 600, { duration_ns: 5n * SECOND }) },
    {
      ...root("a2", 601, { session_id: "A", model: "gpt-5" }),
      span_id: spanIdOf("a2/x"),
      parent_span_id: spanIdOf("a2"),
    },
    root("linked", 700, { links: [{ traceId: traceIdOf("a1"), spanId: spanIdOf("a1") }] }),
    root("c1", 300, { session_id: "C/with 'quotes'" }),
    root("alone", 900),
  ]);
});

after(() => opened.close());

test("sessions come by newest activity, with their traces added up", async () => {
  assert.deepEqual(await ids(), ["A", "C/with 'quotes'", "B"]);
  const { items } = await traceGroups(opened.store, "session", { limit: 1 });
  assert.deepEqual(items[0], {
    id: "A",
    startNanos: String(T0),
    startMs: Number(T0 / 1_000_000n),
    lastNanos: String(T0 + 605n * SECOND),
    lastMs: Number((T0 + 605n * SECOND) / 1_000_000n),
    traceCount: 2,
    errorTraceCount: 0,
    spanCount: 3,
    errorCount: 0,
    llmCalls: 1,
    toolCalls: 0,
    tokens: { input: 10, output: 0, cacheRead: 0 },
    costUsd: 0.5,
    agents: [],
    services: ["service"],
    models: ["gpt-5"],
    users: ["u"],
  });
});

test("pages of sessions follow one another without a gap or a repeat", async () => {
  const found: string[] = [];
  let next: GroupCursor | undefined;
  do {
    const page = await traceGroups(opened.store, "session", { limit: 1, ...(next && { after: next }) });
    found.push(...page.items.map((item) => item.id));
    next = page.next;
  } while (next);
  assert.deepEqual(found, ["A", "C/with 'quotes'", "B"]);
});

test("sessions can be chosen by part of their id and by their newest activity", async () => {
  assert.deepEqual(await ids({ id: "WITH '" }), ["C/with 'quotes'"]);
  assert.deepEqual(await ids({ id: "%" }), []);
  assert.deepEqual(await ids({ fromNs: T0 + 300n * SECOND }), ["A", "C/with 'quotes'"]);
  assert.deepEqual(await ids({ toNs: T0 + 300n * SECOND }), ["B"]);
});

test("one session has its traces in order, those that inherit its id included", async () => {
  const session = await traceGroup(opened.store, "session", "A");
  assert.deepEqual(
    session.traces.map((trace) => [trace.rootName, trace.session]),
    [
      ["a1", { id: "A", inherited: false }],
      ["a2", { id: "A", inherited: false }],
      ["linked", { id: "A", inherited: true }],
    ],
  );
  assert.equal(session.traceCount, 3);
  assert.equal(session.spanCount, 4);
  assert.equal(session.truncated, undefined);
  assert.equal((await traceGroup(opened.store, "session", "B")).errorTraceCount, 1);
});

test("tasks are grouped like sessions", async () => {
  const { items } = await traceGroups(opened.store, "task", { limit: 10 });
  assert.deepEqual(
    items.map((item) => [item.id, item.traceCount]),
    [["T", 1]],
  );
  assert.equal((await traceGroup(opened.store, "task", "T")).traces.length, 2);
});

test("a session or task that nobody carries is not found", async () => {
  await assert.rejects(traceGroup(opened.store, "session", "Z"), SessionNotFound);
  await assert.rejects(traceGroup(opened.store, "task", "A"), TaskNotFound);
});

test("totals count what is stored", async () => {
  const totals = await storeTotals(opened.store);
  assert.equal(totals.spans, 7);
  assert.equal(totals.traces, 6);
  assert.equal(totals.logs, 0);
  assert.equal(totals.oldestMs, Number(T0 / 1_000_000n));
  assert.equal(totals.newestMs, Number((T0 + 900n * SECOND) / 1_000_000n));
  assert.ok(totals.diskBytes > 0);
  assert.ok(totals.tables.some(({ table, rows }) => table === "spans" && rows === 7));
  assert.equal(await hasSpans(opened.store), true);
});
