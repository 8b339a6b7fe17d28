import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { FACETS, type FacetName } from "@clew/protocol/api/facets";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { findTraces } from "./find-traces.ts";
import { insertSpans, type SpanSeed, spanIdOf, traceIdOf } from "./testing/insert-spans.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";
import type { TraceConditions } from "./trace-conditions.ts";
import { traceFacets } from "./trace-facets.ts";

const SECOND = 1_000_000_000n;
const T0 = 1_790_000_000n * SECOND;
const TRACES = 120;

let opened: TestStore;

/** The same choice for the same trace and question. */
function pick<Value>(values: readonly Value[], trace: number, question: number): Value {
  return values[((trace * 7919 + question * 104_729) >>> 3) % values.length]!;
}

function spansOf(trace: number): SpanSeed[] {
  const name = `trace ${trace}`;
  const both = { trace_id: traceIdOf(name), name, start_ns: T0 + BigInt(trace) * 30n * SECOND };
  return [
    {
      ...both,
      span_id: spanIdOf(name),
      service_name: pick(["web", "api", "it's"], trace, 1),
      agent_name: pick(["planner", "", "coder"], trace, 2),
      test_case_id: pick(["", "refund", "late"], trace, 3),
      user_id: pick(["", "ann"], trace, 4),
      status_code: pick([0, 0, 2], trace, 5),
      duration_ns: BigInt(trace % 10) * SECOND,
    },
    {
      ...both,
      span_id: spanIdOf(`${name} below`),
      parent_span_id: spanIdOf(name),
      service_name: pick(["web", "db"], trace, 6),
      model: pick(["gpt-5", "", "claude"], trace, 7),
      span_type: "model",
      attributes: { tier: pick(["gold", "tin"], trace, 8) },
    },
  ];
}

before(async () => {
  opened = await openTestStore(openEmbedded);
  const all = Array.from({ length: TRACES }, (_, trace) => spansOf(trace)).flat();
  // In two parts, so that some traces have two summaries.
  await insertSpans(opened.store, all.slice(0, 131));
  await insertSpans(opened.store, all.slice(131));
});

after(() => opened.close());

const VALUES: Readonly<Record<FacetName, (item: TraceItem) => readonly (string | undefined)[]>> = {
  status: ({ errorCount }) => [errorCount > 0 ? "error" : "ok"],
  service: ({ services }) => services,
  agent: ({ agents }) => agents,
  model: ({ models }) => models,
  testCase: ({ test: of }) => [of?.case?.id],
  testRun: ({ test: of }) => [of?.run?.id],
  user: ({ user }) => [user?.id],
};
const OWN: Readonly<Partial<Record<FacetName, keyof TraceConditions>>> = {
  status: "status",
  service: "services",
  agent: "agents",
  model: "models",
};

async function counted(conditions: TraceConditions): Promise<Record<string, Record<string, number>>> {
  const answer: Record<string, Record<string, number>> = {};
  for (const name of FACETS) {
    const own = OWN[name];
    const { [own ?? "text"]: _, ...others } = conditions;
    const { items } = await findTraces(opened.store, {
      conditions: own === undefined ? conditions : others,
      limit: 1000,
    });
    for (const item of items)
      for (const value of VALUES[name](item))
        if (value) (answer[name] ??= {})[value] = (answer[name]![value] ?? 0) + 1;
  }
  return answer;
}

const CASES: readonly TraceConditions[] = [
  {},
  { status: "error" },
  { status: "ok", services: ["web", "db"] },
  { services: ["it's"], agents: ["planner"], models: ["gpt-5", "claude"] },
  { minDurationNs: 3n * SECOND, maxDurationNs: 7n * SECOND, models: ["claude"] },
  { ids: { testCase: ["refund"] }, status: "error" },
  { attributes: [{ key: "tier", values: ["gold"] }], agents: ["coder"] },
  { fromNs: T0 + 600n * SECOND, toNs: T0 + 1800n * SECOND },
  { agents: ["nobody"] },
];

for (const conditions of CASES) {
  const told = JSON.stringify(conditions, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  test(`facets count what the lists of traces have: ${told}`, async () => {
    const { facets, traceCount, sinceMs } = await traceFacets(opened.store, { conditions });
    const found = Object.fromEntries(
      facets.map(({ name, values }) => [
        name,
        Object.fromEntries(values.map(({ value, count }) => [value, count])),
      ]),
    );
    assert.deepEqual(found, await counted(conditions));
    const { items } = await findTraces(opened.store, { conditions, limit: 1000 });
    assert.equal(traceCount, items.length);
    assert.equal(sinceMs, undefined);
    for (const { values } of facets)
      assert.deepEqual(
        values.map(({ count }) => count),
        values.map(({ count }) => count).sort((a, b) => b - a),
      );
  });
}

test("of more than twenty values the most frequent are told, and that there are more", async () => {
  const name = (at: number) => `many ${at}`;
  await insertSpans(
    opened.store,
    Array.from({ length: 25 }, (_, at) => ({
      trace_id: traceIdOf(name(at)),
      span_id: spanIdOf(name(at)),
      name: name(at),
      start_ns: T0 + 90_000n * SECOND,
      agent_name: name(at),
    })),
  );
  const { facets } = await traceFacets(opened.store, { conditions: { fromNs: T0 + 80_000n * SECOND } });
  const agent = facets.find((facet) => facet.name === "agent");
  assert.equal(agent?.values.length, 20);
  assert.equal(agent?.hasMore, true);
});
