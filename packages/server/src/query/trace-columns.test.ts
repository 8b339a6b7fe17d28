import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SPAN_FLAG } from "@clew/protocol/api/trace-columns";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { InvalidTraceId, TraceAmbiguous, TraceNotFound } from "./resolve-trace.ts";
import { insertSpans, type SpanSeed, spanIdOf } from "./testing/insert-spans.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";
import { traceColumns } from "./trace-columns.ts";

const T0 = 1_790_000_000_000_000_123n;
const TRACE = "abcd0000000000000000000000000001";
/** Ids that end in zeros stay whole. */
const LINK = { traceId: "ab".repeat(14).padEnd(32, "0"), spanId: "cd".repeat(7).padEnd(16, "0") };

let opened: TestStore;

function span(name: string, offsetNs: bigint, rest: Partial<SpanSeed> = {}): SpanSeed {
  return { trace_id: TRACE, span_id: spanIdOf(name), start_ns: T0 + offsetNs, name, ...rest };
}

before(async () => {
  opened = await openTestStore(openEmbedded);
  const { store } = opened;
  const root = span("root", 0n, {
    duration_ns: 2_500_000_001n,
    service_name: "a",
    agent_name: "planner",
    session_id: "s",
  });
  const call = span("chat", 1_001n, {
    parent_span_id: spanIdOf("root"),
    span_type: "model",
    model: "gpt-5",
    provider: "openai",
    usage_counts: 1,
    input_tokens: 7,
    output_tokens: 3,
    cost_usd: 0.000123,
    content: { prompt: "hi" },
    links: [LINK],
  });
  await insertSpans(store, [
    root,
    call,
    span("orphan", 5_000n, {
      parent_span_id: spanIdOf("gone"),
      status_code: 2,
      error_type: "boom",
      duration_ns: -5n,
    }),
  ]);
  // A client that sends again because it got no answer.
  await insertSpans(store, [root, call]);
  // Another span that was given an id already taken.
  await insertSpans(store, [span("namesake", 9_000n, { span_id: spanIdOf("chat") })]);
  await insertSpans(store, [
    {
      trace_id: "abcd0000000000000000000000000002",
      span_id: spanIdOf("b"),
      start_ns: T0 - 60_000_000_000n,
      name: "b",
    },
    {
      trace_id: "abce0000000000000000000000000000",
      span_id: spanIdOf("c"),
      start_ns: T0 + 60_000_000_000n,
      name: "c",
    },
  ]);
  await store.command(
    `INSERT INTO logs (received_day, time, trace_id, span_id)
     SELECT toDate('2026-01-01'), now64(9), toFixedString(unhex({trace:String}), 16), toFixedString(unhex({span:String}), 8)`,
    { parameters: { trace: TRACE, span: spanIdOf("root") } },
  );
});

after(() => opened.close());

test("columns hold every span once, oldest first", async () => {
  const trace = await traceColumns(opened.store, TRACE);
  assert.equal(trace.n, 4);
  assert.deepEqual(
    trace.name.map((index) => trace.dict.name[index]),
    ["root", "chat", "orphan", "namesake"],
  );
  assert.equal(trace.t0Nanos, String(T0));
  assert.deepEqual(trace.start, [0, 1.001, 5, 9]);
  assert.deepEqual(trace.dur, [2_500_000.001, 1000, -0.005, 1000]);
  assert.equal(trace.durMs, 2500.000001);
  assert.deepEqual(trace.parent, [-1, 0, -2, -1]);
  assert.deepEqual(trace.id, [spanIdOf("root"), spanIdOf("chat"), spanIdOf("orphan"), spanIdOf("chat")]);
});

test("texts are numbered, and number 0 is the empty text", async () => {
  const { dict, ...trace } = await traceColumns(opened.store, TRACE);
  assert.deepEqual(dict.model, ["", "gpt-5"]);
  assert.deepEqual(trace.model, [0, 1, 0, 0]);
  assert.deepEqual(trace.provider, [0, 1, 0, 0]);
  assert.deepEqual(trace.err, [0, 0, 1, 0]);
  assert.deepEqual(trace.status, [0, 0, 2, 0]);
  assert.deepEqual(trace.tokIn, [0, 7, 0, 0]);
  assert.deepEqual(trace.costMicro, [0, 123, 0, 0]);
});

test("flags, links and context say what else there is", async () => {
  const trace = await traceColumns(opened.store, TRACE);
  assert.deepEqual(trace.flags, [
    SPAN_FLAG.logs,
    SPAN_FLAG.content | SPAN_FLAG.links | SPAN_FLAG.counted,
    0,
    0,
  ]);
  assert.deepEqual(trace.links, [[1, LINK.traceId, LINK.spanId]]);
  assert.deepEqual(trace.ctx, { session: { id: "s", inherited: false }, linkedTraces: [LINK.traceId] });
});

test("an unambiguous beginning of an id, in either case, means its trace", async () => {
  assert.equal((await traceColumns(opened.store, "ABCE0")).traceId, "abce0000000000000000000000000000");
  assert.equal((await traceColumns(opened.store, TRACE.toUpperCase())).traceId, TRACE);
});

test("last is the trace that began latest", async () => {
  assert.equal((await traceColumns(opened.store, "last")).traceId, "abce0000000000000000000000000000");
});

test("an ambiguous beginning names the candidates", async () => {
  await assert.rejects(traceColumns(opened.store, "abcd"), (error) => {
    assert.ok(error instanceof TraceAmbiguous);
    assert.deepEqual(error.candidates, [TRACE, "abcd0000000000000000000000000002"]);
    return true;
  });
});

test("an unknown id, an unknown beginning and what is no id are told apart", async () => {
  await assert.rejects(traceColumns(opened.store, "f".repeat(32)), TraceNotFound);
  await assert.rejects(traceColumns(opened.store, "ffff"), TraceNotFound);
  for (const wrong of ["abc", "xyz1", `${TRACE}0`, "' OR 1", ""]) {
    await assert.rejects(traceColumns(opened.store, wrong), InvalidTraceId, wrong);
  }
});

test("a trace that was asked for before it was there is found once it is", async () => {
  const id = "feed".repeat(8);
  for (let attempt = 0; attempt < 2; attempt++)
    await assert.rejects(traceColumns(opened.store, id), TraceNotFound);
  await insertSpans(opened.store, [
    { trace_id: id, span_id: spanIdOf("late"), start_ns: T0 - 1n, name: "late" },
  ]);
  for (let attempt = 0; attempt < 2; attempt++) assert.equal((await traceColumns(opened.store, id)).n, 1);
});

test("of several ids of a kind a trace has the greatest, however many spans it has", async () => {
  const id = "beef".repeat(8);
  const spans = Array.from({ length: 2500 }, (_, index) => ({
    trace_id: id,
    span_id: spanIdOf(`many ${index}`),
    start_ns: T0 - 1_000_000n + BigInt(index),
    ...(index === 7 && { task_id: "b", user_id: "u" }),
    ...(index === 2400 && { task_id: "a" }),
  }));
  const context = {
    task: { id: "b", inherited: false },
    user: { id: "u", inherited: false },
    linkedTraces: [],
  };
  await insertSpans(opened.store, spans.slice(0, 100));
  const few = await traceColumns(opened.store, id);
  await insertSpans(opened.store, spans.slice(100));
  const many = await traceColumns(opened.store, id);
  assert.deepEqual([few.n, many.n], [100, 2500]);
  assert.deepEqual([few.ctx, many.ctx], [context, context]);
  assert.equal(many.truncated, undefined);
});

test("a trace with more spans than fit is cut, and says so", async () => {
  const trace = await traceColumns(opened.store, TRACE, { most: 2 });
  assert.equal(trace.n, 2);
  assert.deepEqual(trace.truncated, { total: 6, shown: 2, policy: "earliest" });
});
