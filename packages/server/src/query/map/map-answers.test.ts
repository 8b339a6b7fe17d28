import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import type { QueryOptions, Store } from "../../store/store.ts";
import { QueryTimeout, QueryTooLarge } from "../../store/store-errors.ts";
import { insertSpans, type SpanSeed, spanIdOf, traceIdOf } from "../testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import { MAP_LIMITS } from "./map-limits.ts";
import { type TraceMap, type TraceMapRequest, traceMap } from "./trace-map.ts";

const EVER = { scope: "agents", fromNs: 0n, toNs: 2n ** 63n - 1n, depth: 2, leaves: [] } as const;
/** Each test has a day of its own. */
const DAY_NS = 86_400_000_000_000n;
const FIRST_DAY_NS = 20_700n * DAY_NS;
const MS = 1_000_000n;

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
});

after(() => opened?.close());

function day(number: number): { readonly fromNs: bigint; readonly toNs: bigint } {
  const fromNs = FIRST_DAY_NS + BigInt(number) * DAY_NS;
  return { fromNs, toNs: fromNs + DAY_NS };
}

/** A span, its times in milliseconds since its day began. */
function span(
  of: number,
  trace: string,
  name: string,
  at: number,
  took: number,
  more: Partial<SpanSeed> = {},
): SpanSeed {
  return {
    trace_id: traceIdOf(`${of} ${trace}`),
    span_id: spanIdOf(`${of} ${name}`),
    start_ns: day(of).fromNs + BigInt(at) * MS,
    duration_ns: BigInt(took) * MS,
    name,
    ...more,
  };
}

function map(
  of: number,
  more: Partial<TraceMapRequest> = {},
  store: Store = opened.store,
): Promise<TraceMap> {
  return traceMap(store, { ...EVER, ...day(of), ...more });
}

function edgesOf({ edges }: TraceMap): string[] {
  return edges.map(({ from, to, type, calls }) => `${from} ${type} ${to} ${calls}`);
}

test("where no trace begins the map is empty", async () => {
  assert.deepEqual(await map(0), { nodes: [], edges: [], traceCount: 0, tooLarge: 0 });
  const focused = await map(0, { focus: "planner" });
  assert.deepEqual([focused.nodes, focused.focus], [[], { keys: [] }]);
});

test("a link to a span of another trace is a message, with the time that it was in the queue", async () => {
  const sender = { trace: traceIdOf("1 sends"), span: spanIdOf("1 send") };
  // The second leads to a span that never came, of a trace that did.
  const link = {
    links: [sender.span, spanIdOf("never")].map((spanId) => ({ traceId: sender.trace, spanId })),
  };
  await insertSpans(opened.store, [
    span(1, "sends", "run", 0, 100, { agent_name: "planner", span_type: "agent", service_name: "a" }),
    span(1, "sends", "send", 10, 5, { parent_span_id: spanIdOf("1 run"), kind: 4, service_name: "a" }),
    span(1, "receives", "receive", 75, 20, {
      kind: 5,
      agent_name: "worker",
      span_type: "agent",
      status_code: 2,
      ...link,
    }),
    // Hours later, so that the sender is not read with it.
    span(1, "late", "late", 50_000_000, 20, { kind: 5, agent_name: "worker", span_type: "agent", ...link }),
    span(1, "stray", "stray", 51_000_000, 1, {
      service_name: "b",
      links: [{ traceId: traceIdOf("?"), spanId: sender.span }],
    }),
  ]);
  const whole = await map(1);
  assert.deepEqual(edgesOf(whole), ["agent:planner message agent:worker 2"]);
  assert.deepEqual(
    whole.nodes.map(({ key, calls }) => [key, calls]),
    [
      ["agent:worker", 2],
      ["agent:planner", 1],
      ["service:b", 1],
    ],
  );
  const [edge] = whole.edges;
  assert.deepEqual([edge!.errors, edge!.errRate, edge!.p95Ms], [1, 0.5, 20]);
  const { fromNs } = day(1);
  const first = await map(1, { fromNs: fromNs + 70n * MS, toNs: fromNs + 80n * MS });
  assert.equal(first.edges[0]!.queueP95Ms, 60);
  // What sent it lies outside, and has no figures of its own.
  assert.deepEqual(
    first.nodes.map(({ key, calls, p95Ms }) => [key, calls, p95Ms]),
    [
      ["agent:worker", 1, 20],
      ["agent:planner", 0, null],
    ],
  );
  assert.deepEqual(edgesOf(await map(1, { scope: "services" })), ["service:a message service:service 2"]);
});

test("tools and models are nodes when they are asked for, and models have their tokens", async () => {
  const below = { parent_span_id: spanIdOf("2 run") };
  await insertSpans(opened.store, [
    span(2, "t", "run", 0, 100, { agent_name: "planner", span_type: "agent" }),
    span(2, "t", "chat", 1, 50, {
      ...below,
      span_type: "llm",
      model: "m",
      input_tokens: 100,
      output_tokens: 7,
      cost_usd: 0.25,
      usage_counts: 1,
    }),
    span(2, "t", "tool", 60, 8, { ...below, span_type: "tool", tool_name: "search", status_code: 2 }),
    span(2, "t", "running", 70, 0, { ...below, span_type: "tool", tool_name: "search", is_running: 1 }),
  ]);
  const alone = await map(2);
  assert.deepEqual([alone.nodes.length, alone.edges.length], [1, 0]);
  assert.deepEqual(alone.nodes[0]!.tokens, { input: 100, output: 7, cacheRead: 0 });
  const whole = await map(2, { leaves: ["tools", "models"] });
  assert.deepEqual(edgesOf(whole), ["agent:planner call model:m 1", "agent:planner call tool:search 1"]);
  const [model, tool] = ["model:m", "tool:search"].map(
    (key) => whole.nodes.find((node) => node.key === key)!,
  );
  assert.deepEqual(
    [model!.costUsd, model!.tokens.input, model!.p50Ms, tool!.errRate, tool!.costUsd],
    [0.25, 100, 50, 1, 0],
  );
  // Nothing that is waited for is in a queue.
  assert.ok(whole.edges.every(({ queueP95Ms }) => queueP95Ms === undefined));
});

test("a run that has not ended is known and counts for nothing, and neither does the call of it", async () => {
  const spans = [
    span(3, "t", "run", 0, 100, { agent_name: "planner", span_type: "agent" }),
    span(3, "t", "open", 10, 0, {
      parent_span_id: spanIdOf("3 run"),
      agent_name: "worker",
      span_type: "agent",
      is_running: 1,
    }),
  ];
  for (const _ of ["sent", "sent again"]) await insertSpans(opened.store, spans);
  const { nodes, edges } = await map(3);
  assert.deepEqual(
    nodes.map(({ key, calls, errRate, p50Ms }) => [key, calls, errRate, p50Ms]),
    [
      ["agent:planner", 1, 0, 100],
      ["agent:worker", 0, 0, null],
    ],
  );
  assert.deepEqual(edges, []);
});

/** a calls b calls c calls d; e calls nobody. */
async function chain(of: number): Promise<void> {
  const agents = ["a", "b", "c", "d"];
  await insertSpans(opened.store, [
    ...agents.map((name, at) =>
      span(of, "chain", name, at, 100 - 2 * at, {
        agent_name: name,
        span_type: "agent",
        ...(at > 0 && { parent_span_id: spanIdOf(`${of} ${agents[at - 1]}`) }),
      }),
    ),
    span(of, "e", "e", 200, 1, { agent_name: "enquirer", span_type: "agent" }),
  ]);
}

test("a focus shows what is at most so many calls away, whoever calls", async () => {
  await chain(4);
  const near = async (focus: string, depth: number): Promise<string[]> =>
    (await map(4, { focus, depth })).nodes.map(({ name }) => name).sort();
  assert.deepEqual(await near("b", 0), ["b"]);
  assert.deepEqual(await near("b", 1), ["a", "b", "c"]);
  assert.deepEqual(await near("agent:a", 3), ["a", "b", "c", "d"]);
  assert.deepEqual(await near("enquirer", 20), ["enquirer"]);
  assert.deepEqual(edgesOf(await map(4, { focus: "d", depth: 1 })), ["agent:c call agent:d 1"]);
  await insertSpans(opened.store, [
    span(4, "short", "short", 300, 9, { agent_name: "a", span_type: "agent" }),
    span(4, "short", "cut", 301, 5, {
      agent_name: "c",
      span_type: "agent",
      parent_span_id: spanIdOf("4 short"),
    }),
  ]);
  // That a calls c is not on the way from b to either.
  assert.deepEqual(edgesOf(await map(4, { focus: "b", depth: 1 })), [
    "agent:a call agent:b 1",
    "agent:b call agent:c 1",
  ]);
});

test("a focus that nobody is called shows nothing, and tells what is called much the same", async () => {
  await chain(5);
  const { nodes, edges, focus, traceCount } = await map(5, { focus: "enquier" });
  assert.deepEqual([nodes, edges, traceCount], [[], [], 2]);
  assert.deepEqual(focus, { keys: [], nearest: "enquirer" });
  assert.deepEqual((await map(5, { focus: "x".repeat(4000) })).focus, { keys: [] });
});

/** The store, whose answers about spans fail from the given one on. */
function failing(at: number, error: Error): Store {
  let asked = 0;
  return new Proxy(opened.store, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (sql: string, ...rest: unknown[]) => {
        const isLate = name === "queryBytes" && sql.includes("PREWHERE") && asked++ >= at;
        return isLate ? Promise.reject(error) : value.call(target, sql, ...rest);
      };
    },
  });
}

test("when the budget ends the map is of the newest traces, and says since when", async () => {
  const traces = Array.from({ length: 40 }, (_, at) =>
    span(6, `t${at}`, `s${at}`, at * 60_000, 10, { agent_name: `agent-${at}`, span_type: "agent" }),
  );
  // For hours, and so read apart from those around it.
  const long = span(6, "long", "long", 24 * 60_000 - 1, 9_000_000, {
    agent_name: "long",
    span_type: "agent",
  });
  await insertSpans(opened.store, [...traces, long]);
  const limits = { ...MAP_LIMITS, spansAtOnce: 5 };
  for (const [answered, error, reason, count] of [
    [3, new QueryTimeout("late"), "time", 15],
    [4, new QueryTooLarge("large"), "size", 15],
    [5, new QueryTimeout("late"), "time", 20],
  ] as const) {
    const part = await map(6, { limits }, failing(answered, error));
    assert.equal(part.partial?.reason, reason);
    assert.equal(part.traceCount, count);
    const { partial: _, ...same } = part;
    assert.deepEqual(await map(6, { fromNs: part.partial!.fromNs }), same);
  }
  const { partial, traceCount } = await map(6, { timeoutMs: 0 });
  assert.deepEqual([partial, traceCount], [{ reason: "time", fromNs: day(6).toNs }, 0]);
});

test("groups and stretches of any size say the same, and traces that are too large are counted", async () => {
  const of = (trace: number, spans: number): SpanSeed[] =>
    Array.from({ length: spans }, (_, at) =>
      span(7, `t${trace}`, `${trace} s${at}`, trace * 700_000 + at, 10, {
        agent_name: `agent-${(trace + at) % 7}`,
      }),
    );
  const spans = [...Array.from({ length: 60 }, (_, trace) => of(trace, 1 + (trace % 9))), of(60, 30)].flat();
  // For hours, so that it is read apart from those that begin meanwhile.
  const long = [
    span(7, "long", "long", 1_000_000, 9_000_000, { agent_name: "agent-1" }),
    span(7, "long", "end", 9_990_000, 9_000, { agent_name: "agent-2", parent_span_id: spanIdOf("7 long") }),
  ];
  for (const _ of ["sent", "sent again"]) await insertSpans(opened.store, [...spans, ...long]);
  const whole = await map(7);
  assert.equal(whole.traceCount, 62);
  assert.ok(whole.edges.some(({ from, to }) => from === "agent:agent-1" && to === "agent:agent-2"));
  for (const limits of [
    { spansAtOnce: 1 },
    { tracesAtOnce: 3 },
    // Twice as many rows as a group should have: it is halved.
    { spansAtOnce: 60, rowsAtOnce: 70 },
    { firstSummaries: 1, mostSummaries: 4 },
  ]) {
    assert.deepEqual(await map(7, { limits: { ...MAP_LIMITS, ...limits } }), whole, JSON.stringify(limits));
  }
  const small = await map(7, { limits: { ...MAP_LIMITS, spansOfTrace: 20 } });
  assert.deepEqual([small.traceCount, small.tooLarge], [61, 1]);
  const cut = await map(7, { limits: { ...MAP_LIMITS, rowsAtOnce: 40 } });
  assert.deepEqual([cut.traceCount, cut.tooLarge], [61, 1]);
});

test("spans that name each other as parent, themselves or nobody are somebody's all the same", async () => {
  const parent = (name: string): Partial<SpanSeed> => ({ parent_span_id: spanIdOf(`8 ${name}`) });
  await insertSpans(opened.store, [
    span(8, "t", "x", 0, 10, { service_name: "one", ...parent("y") }),
    span(8, "t", "y", 1, 10, { service_name: "two", ...parent("x") }),
    span(8, "t", "self", 2, 10, { service_name: "three", ...parent("self") }),
    span(8, "t", "orphan", 3, 10, { service_name: "four", ...parent("nobody") }),
  ]);
  const { nodes, edges } = await map(8, { scope: "services" });
  assert.deepEqual(
    nodes.map(({ name, calls }) => [name, calls]),
    [
      ["four", 1],
      ["one", 1],
      ["three", 1],
      ["two", 1],
    ],
  );
  assert.equal(edges.length, 1);
});

test("who leaves is not kept waiting, and those who ask at once are answered one after the other", async () => {
  await chain(9);
  await chain(10);
  const asked: unknown[] = [];
  const held = Promise.withResolvers<void>();
  const store = new Proxy(opened.store, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return async (...said: unknown[]) => {
        const { parameters, signal } = said.at(-1) as QueryOptions;
        if (name === "queryBytes") asked.push(parameters?.to_ns);
        if (!signal?.aborted) await held.promise;
        return value.apply(target, said);
      };
    },
  });
  const leaving = new AbortController();
  const first = map(9, { limits: { ...MAP_LIMITS, spansAtOnce: 1 } }, store);
  const left = map(10, { signal: leaving.signal }, store);
  const last = map(10, {}, store);
  leaving.abort();
  await assert.rejects(Promise.race([left, first, last]), { code: "query_cancelled" });
  held.resolve();
  assert.deepEqual([(await first).traceCount, (await last).traceCount], [2, 2]);
  const starts = asked.map((toNs) => (toNs as bigint) <= day(9).toNs);
  assert.equal(starts.lastIndexOf(true) + 1, starts.indexOf(false));
});
