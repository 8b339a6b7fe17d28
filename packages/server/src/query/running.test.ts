import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SPAN_FLAG } from "@clew/protocol/api/trace-columns";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { repairSummaries } from "../store/summaries.ts";
import { exportTraces } from "./export-traces.ts";
import { spanDetail } from "./span-detail.ts";
import { insertSpans, type SpanSeed, spanIdOf, traceIdOf } from "./testing/insert-spans.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";
import { traceColumns } from "./trace-columns.ts";

const T0 = 1_790_000_000_000_000_000n;

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
});

after(() => opened.close());

function span(trace: string, name: string, over: Partial<SpanSeed> = {}): SpanSeed {
  return { trace_id: traceIdOf(trace), span_id: spanIdOf(name), start_ns: T0, name, ...over };
}

/** How what a preload tells of a span that is open is stored. */
function running(seed: SpanSeed): SpanSeed {
  return { ...seed, duration_ns: -seed.start_ns, usage_counts: 0, is_running: 1 };
}

async function sumsOf(trace: string) {
  const [sums] = await opened.store.query<Record<string, string>>(
    `SELECT toString(sum(span_count)) AS spans, toString(sum(model_call_count)) AS models,
       toString(sum(input_tokens)) AS tokens, toString(max(root_duration_ns)) AS root
     FROM traces WHERE trace_id = unhex('${traceIdOf(trace)}')`,
  );
  return sums;
}

async function exported(trace: string): Promise<string[]> {
  const ends: string[] = [];
  for await (const data of exportTraces(opened.store, { traces: [traceIdOf(trace)] })) {
    for (const { spans } of data.resourceSpans?.flatMap((one) => one.scopeSpans ?? []) ?? []) {
      for (const one of spans ?? []) ends.push(`${one.name} ${one.endTimeUnixNano ?? 0}`);
    }
  }
  return ends.sort();
}

test("a trace of which nothing has ended is found, and its spans are marked", async () => {
  const root = span("open", "root");
  await insertSpans(opened.store, [running(root), running(span("open", "call", { start_ns: T0 }))]);
  const trace = await traceColumns(opened.store, traceIdOf("open"));
  assert.deepEqual([trace.n, trace.dur, trace.durMs], [2, [0, 0], 0]);
  assert.deepEqual(
    trace.flags.map((flags) => flags & SPAN_FLAG.running),
    [SPAN_FLAG.running, SPAN_FLAG.running],
  );
  const { spans } = await spanDetail(opened.store, traceIdOf("open"), spanIdOf("root"));
  assert.deepEqual(
    spans.map(({ durMs, endNanos }) => [durMs, endNanos]),
    [[0, "0"]],
  );
  assert.deepEqual(await exported("open"), ["call 0", "root 0"]);
});

for (const order of ["before", "after", "together with"] as const) {
  test(`a span that arrives ${order} what was told while it ran is there once, as it ended`, async () => {
    const name = `trace ${order}`;
    const ended = span(name, "root", {
      duration_ns: 3_000_000_000n,
      usage_counts: 1,
      input_tokens: 7,
      agent_name: "final",
    });
    const rows = [running({ ...ended, agent_name: "early" }), ended];
    if (order === "together with") await insertSpans(opened.store, rows);
    else for (const row of order === "after" ? rows : rows.reverse()) await insertSpans(opened.store, [row]);
    const trace = await traceColumns(opened.store, traceIdOf(name));
    assert.deepEqual(
      [trace.n, trace.dur, trace.durMs, trace.dict.agent.at(-1)],
      [1, [3_000_000], 3000, "final"],
    );
    assert.equal(trace.flags[0]! & SPAN_FLAG.running, 0);
    const { spans } = await spanDetail(opened.store, traceIdOf(name), spanIdOf("root"));
    assert.deepEqual(
      spans.map(({ durMs, meaning }) => [durMs, meaning.agent]),
      [[3000, "final"]],
    );
    assert.deepEqual(await exported(name), [`root ${T0 + 3_000_000_000n}`]);
    assert.deepEqual(await sumsOf(name), { spans: "1", models: "1", tokens: "7", root: "3000000000" });
  });
}

test("summaries that are made anew leave out what runs, too", async () => {
  const ended = span("repaired", "root", { usage_counts: 1, input_tokens: 7 });
  await insertSpans(opened.store, [running(ended), ended]);
  const [batch] = await opened.store.query<{ id: string }>(
    `SELECT toString(any(batch_id)) AS id FROM spans WHERE trace_id = unhex('${traceIdOf("repaired")}')`,
  );
  const before = await sumsOf("repaired");
  await repairSummaries(opened.store, BigInt(batch?.id ?? 0));
  assert.deepEqual(await sumsOf("repaired"), before);
});

test("two spans with one id that both have ended are two", async () => {
  await insertSpans(opened.store, [span("twins", "twin"), span("twins", "twin", { duration_ns: 5n })]);
  assert.equal((await traceColumns(opened.store, traceIdOf("twins"))).n, 2);
});

test("what is told of a running span twice shows once, and an end without length stands", async () => {
  const open = span("told twice", "open");
  const brief = span("told twice", "brief", { duration_ns: 0n });
  await insertSpans(opened.store, [
    running(open),
    running(open),
    running(brief),
    brief,
    running(brief),
    brief,
  ]);
  const trace = await traceColumns(opened.store, traceIdOf("told twice"));
  const isRunning = new Map(trace.id.map((id, row) => [id, (trace.flags[row]! & SPAN_FLAG.running) !== 0]));
  assert.equal(trace.n, 2);
  assert.deepEqual([isRunning.get(spanIdOf("open")), isRunning.get(spanIdOf("brief"))], [true, false]);
});

test("a span without an end time that does not say it is running has ended", async () => {
  await insertSpans(opened.store, [span("endless", "one", { duration_ns: -T0 }), span("endless", "one")]);
  assert.equal((await traceColumns(opened.store, traceIdOf("endless"))).n, 2);
  assert.equal((await sumsOf("endless"))?.spans, "2");
});
