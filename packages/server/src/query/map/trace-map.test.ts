import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { generatedTrace } from "@clew/protocol/analysis/testing/generated";
import { Random } from "@clew/protocol/analysis/testing/random";
import { randomTrace } from "@clew/protocol/analysis/testing/random-trace";
import { traceOf } from "@clew/protocol/analysis/testing/trace-builder";
import { MAP_SCOPES, type MapScope } from "@clew/protocol/api/map";
import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";
import { randomTraces } from "@clew/protocol/traceql/testing/random-traces";
import { seededRandom } from "@clew/protocol/traceql/testing/seeded-random";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { serviceLinks } from "../compatible/service-links.ts";
import { extentOf } from "../extent.ts";
import { insertSpans, type SpanSeed, traceIdOf } from "../testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import { traceColumns } from "../trace-columns.ts";
import { type ExpectedFigures, type ExpectedMap, expectedMap } from "./testing/expected-map.ts";
import { seedsOfColumns, seedsOfPlain } from "./testing/seeds-of.ts";
import { type TraceMap, traceMap } from "./trace-map.ts";

const SEED = 20_261;
const OF_EACH = 40;
const FIRST_NS = 1_790_000_000_000_000_000n;
const SECOND_NS = 1_000_000_000n;
const EVER = { fromNs: 0n, toNs: 2n ** 63n - 1n, depth: 2, leaves: [] } as const;

let opened: TestStore;
/** By id, when each trace begins. */
let begins: ReadonlyMap<string, bigint>;
/** By id, as the API answers it. */
const answers = new Map<string, TraceColumns>();

before(async () => {
  opened = await openTestStore(openEmbedded);
  const traces = [...drawn(OF_EACH), ...plain(OF_EACH)];
  begins = new Map(traces.map((spans) => [spans[0]!.trace_id, startOf(spans)]));
  await insertSpans(opened.store, traces.flat());
  const random = new Random(SEED);
  // Sent twice, or told while they were running.
  const again = traces.flat().filter((span) => span.is_running !== 1 && random.chance(0.1));
  await insertSpans(
    opened.store,
    again.map((span) => (span.duration_ns === 0n || random.chance(0.5) ? span : announced(span))),
  );
  for (const id of begins.keys()) answers.set(id, await traceColumns(opened.store, id));
});

after(() => opened?.close());

/** Traces of the analysis' tests, one every seven minutes. */
function drawn(count: number): SpanSeed[][] {
  const random = new Random(SEED);
  return Array.from({ length: 2 * count }, (_, at) => {
    const trace =
      at % 2 === 0
        ? randomTrace(random, 1 + random.below(50))
        : traceOf(...generatedTrace(random, random.one([undefined, "ping-pong", "error"])).tops);
    return seedsOfColumns(trace, traceIdOf(`drawn ${at}`), FIRST_NS + BigInt(at) * 420n * SECOND_NS);
  });
}

/** Traces of TraceQL's tests. */
function plain(count: number): SpanSeed[][] {
  return randomTraces(seededRandom(SEED), count).map(seedsOfPlain);
}

function startOf(spans: readonly SpanSeed[]): bigint {
  const at = ({ start_ns }: SpanSeed): bigint => start_ns;
  return extentOf(spans, at, at).startNs;
}

function announced(span: SpanSeed): SpanSeed {
  return { ...span, duration_ns: 0n, is_running: 1, usage_counts: 0, status_code: 0 };
}

function assertNear(actual: number | null | undefined, expected: number | undefined, what: string): void {
  if (expected === undefined) {
    assert.ok(actual === null || actual === undefined, what);
    return;
  }
  const tolerance = 0.0101 * expected + 1e-6;
  assert.ok(
    typeof actual === "number" && Math.abs(actual - expected) <= tolerance,
    `${what}: ${actual} instead of ${expected}`,
  );
}

function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** What must be the same to the last digit. */
function exact({ calls, errors }: { readonly calls: number; readonly errors: number }): string {
  return `${calls} calls, ${errors} errors`;
}

function assertSame({ nodes, edges }: TraceMap, expected: ExpectedMap, what: string): void {
  const edgeKey = ({ from, to, type }: TraceMap["edges"][number]): string => `${from} > ${to}, ${type}`;
  const exactly = (figures: Iterable<readonly [string, ExpectedFigures]>) =>
    [...figures].map(([key, one]) => `${key}: ${exact(one)}`).sort();
  assert.deepEqual(nodes.map((node) => `${node.key}: ${exact(node)}`).sort(), exactly(expected.nodes), what);
  assert.deepEqual(
    edges.map((edge) => `${edgeKey(edge)}: ${exact(edge)}`).sort(),
    exactly(expected.edges),
    what,
  );
  for (const node of nodes) {
    const { took, tokens, costUsd } = expected.nodes.get(node.key)!;
    assertNear(node.p50Ms, quantile(took, 0.5), `${what} ${node.key} p50`);
    assertNear(node.p95Ms, quantile(took, 0.95), `${what} ${node.key} p95`);
    assert.equal(node.errRate, node.calls === 0 ? 0 : node.errors / node.calls);
    const { input, output, cacheRead } = node.tokens;
    assert.deepEqual([input, output, cacheRead], tokens, `${what} ${node.key} tokens`);
    assert.ok(Math.abs(node.costUsd - costUsd) < 1e-9, `${what} ${node.key} cost`);
  }
  for (const edge of edges) {
    const { took, queued } = expected.edges.get(edgeKey(edge))!;
    assertNear(edge.p95Ms, quantile(took, 0.95), `${what} ${edgeKey(edge)} p95`);
    assertNear(edge.queueP95Ms, quantile(queued, 0.95), `${what} ${edgeKey(edge)} queue`);
  }
}

for (const scope of MAP_SCOPES) {
  test(`the ${scope} of a stretch with one trace are what the analysis says of it`, async () => {
    const seen = new Set<string>();
    for (const [traceId, fromNs] of begins) {
      const map = await traceMap(opened.store, { ...EVER, fromNs, toNs: fromNs + 1n, scope });
      assert.equal(map.traceCount, 1);
      assertSame(map, expectedMap([answers.get(traceId)!], scope), traceId);
      for (const { type } of [...map.nodes, ...map.edges]) seen.add(type);
    }
    const kinds = scope === "agents" ? ["agent", "service"] : ["service"];
    assert.deepEqual([...seen].sort(), [...kinds, "call", "hand-off", "message"].sort());
  });

  test(`the ${scope} of all traces are what the analysis says of each, added up`, async () => {
    assertSame(await traceMap(opened.store, { ...EVER, scope }), expectedOf(begins.keys(), scope), scope);
  });
}

test("calls of one service by another are as many as other tools are told", async () => {
  let calls = 0;
  for (const [id, fromNs] of begins) {
    const { dict, flags, links, durMs } = answers.get(id)!;
    // What is running and what is a link is told there otherwise or not at all.
    if (links.length > 0 || flags.some((bits) => (bits & SPAN_FLAG.running) !== 0)) continue;
    // Those that begin a second after each other are not alone in the time that they take.
    if (fromNs < FIRST_NS || dict.service.length < 3) continue;
    const toNs = fromNs + BigInt(Math.ceil(durMs)) * 1_000_000n + 1n;
    const told = await serviceLinks(opened.store, { stretch: { fromNs, toNs } });
    const { edges } = await traceMap(opened.store, { ...EVER, fromNs, toNs: fromNs + 1n, scope: "services" });
    const sums = new Map<string, number>();
    for (const { from, to, calls } of edges) {
      if (from !== to) sums.set(`${from} ${to}`, (sums.get(`${from} ${to}`) ?? 0) + calls);
    }
    const expected = told.map(
      ({ parent, child, callCount }) => [`service:${parent} service:${child}`, callCount] as const,
    );
    assert.deepEqual([...sums].sort(), expected.sort(), id);
    calls += edges.length;
  }
  assert.ok(calls > 20, String(calls));
});

test("a trace belongs to the stretch in which it begins, with all its spans", async () => {
  const starts = [...begins].sort(([, a], [, b]) => (a < b ? -1 : 1));
  const middle = starts[Math.floor(starts.length / 3)]![1] + 1n;
  const [older, newer] = await Promise.all(
    [{ toNs: middle }, { fromNs: middle }].map((half) =>
      traceMap(opened.store, { ...EVER, ...half, scope: "agents" }),
    ),
  );
  const ids = starts.map(([id]) => id);
  const before = Math.floor(starts.length / 3) + 1;
  assert.equal(older!.traceCount, before);
  assert.equal(newer!.traceCount, starts.length - before);
  assertSame(older!, expectedOf(ids.slice(0, before), "agents"), "older");
  assertSame(newer!, expectedOf(ids.slice(before), "agents"), "newer");
});

function expectedOf(ids: Iterable<string>, scope: MapScope): ExpectedMap {
  return expectedMap(
    [...ids].map((id) => answers.get(id)!),
    scope,
  );
}
