import assert from "node:assert/strict";
import { test } from "node:test";
import type { Query } from "@clew/protocol/traceql/ast";
import { evaluateSearch } from "@clew/protocol/traceql/naive/evaluate-search";
import { parse } from "@clew/protocol/traceql/parse";
import { randomQuery } from "@clew/protocol/traceql/testing/random-query";
import { randomTraces } from "@clew/protocol/traceql/testing/random-traces";
import { seededRandom } from "@clew/protocol/traceql/testing/seeded-random";
import { asTraceQl, countsOverTime, type NamedValue, narrowed } from "./conditions-as-traceql.ts";

function conditions(text: string): NamedValue[] {
  return [...new URLSearchParams(text)].map(([name, value]) => ({ name, value }));
}

const written: readonly (readonly [conditions: string, query: string])[] = [
  ["", "{ }"],
  ["agent=planner", '{ agent:name = "planner" }'],
  ["agent=a&agent=b&status=error", '{ agent:name = "a" || agent:name = "b" } && { status = error }'],
  ["status=ok", "({ status = error } | count()) = 0"],
  ["status=ok&model=m", '({ status = error } | count()) = 0 | { agent:model = "m" }'],
  [
    "service=shop&testCase=late-fee",
    '{ resource.service.name = "shop" } && { agent:test_case = "late-fee" }',
  ],
  ["minDuration=1500&maxDuration=1m", "{ trace:duration >= 1500ms } && { trace:duration <= 1m }"],
  ["name=chat.", '{ name =~ "(?is).*chat\\\\..*" }'],
  ["attr.http.route=/chat", '{ .http.route = "/chat" }'],
  ["attr.a b=1", '{ ."a b" = "1" || ."a b" = 1 }'],
  ["tool=%22 }%0A", '{ agent:tool = "\\" }\\n" }'],
  ["from=now-1h&to=now", "{ }"],
];

/** Random queries may compare what cannot be compared. */
function readable(text: string): Query | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

for (const [given, query] of written) {
  test(`conditions ${JSON.stringify(given)} as TraceQL`, () => {
    assert.deepEqual(asTraceQl(conditions(given)), { query, left: [] });
    assert.equal(parse(query).kind, "search");
  });
}

test("what TraceQL has no words for is left", () => {
  const { query, left } = asTraceQl(conditions("text=late fee&minDuration=soon&user=ana"));
  assert.equal(query, '{ agent:user = "ana" }');
  assert.deepEqual(left, [
    { name: "text", value: "late fee" },
    { name: "minDuration", value: "soon" },
  ]);
});

test("a narrowed query finds the same spans, of those traces that the conditions alone find", () => {
  const random = seededRandom(7);
  const narrowings = [
    "status=error",
    "status=ok",
    "agent=planner",
    "minDuration=1ms&agent=planner&status=ok",
  ];
  let found = 0;
  for (let round = 0; round < 1000; round += 1) {
    const text = randomQuery(random, random.below(3));
    const query = readable(text);
    if (query?.kind !== "search") continue;
    const traces = randomTraces(random, 6);
    const given = conditions(narrowings[round % narrowings.length]!);
    const both = parse(narrowed(text, given));
    const allowed = parse(asTraceQl(given).query);
    assert.ok(both.kind === "search" && allowed.kind === "search");
    const ids = new Set(evaluateSearch(allowed, traces).map(({ traceId }) => traceId));
    const expected = evaluateSearch(query, traces).filter(({ traceId }) => ids.has(traceId));
    found += expected.length;
    assert.deepEqual(evaluateSearch(both, traces), expected, narrowed(text, given));
  }
  assert.notEqual(found, 0);
});

test("a query for series stays as it is", () => {
  assert.equal(narrowed("{ } | rate()", conditions("agent=planner")), "{ } | rate()");
});

const counted: readonly (readonly [text: string, conditions: string])[] = [
  ["", ""],
  ["", "agent=planner&status=ok&from=now-1h"],
  ["{ status = error }", ""],
  [
    "{ status = error } | by(agent:name) | count() > 2 | select(agent:cost) with (most_recent=true) // newest",
    "",
  ],
  ["({ status = error } | count()) = 0", "user=ana"],
  ["({ .a } >> { .b })", "user=ana"],
];

for (const [text, given] of counted) {
  test(`the traces of ${JSON.stringify(text)} with ${JSON.stringify(given)} are counted once each, at their roots`, () => {
    const counts = countsOverTime(text, conditions(given));
    assert.ok(counts);
    const query = parse(counts);
    assert.ok(query.kind === "metrics" && query.expression.kind === "metricsPipeline");
    const { stages } = query.expression.pipeline;
    const traces = randomTraces(seededRandom(3), 40);
    const left = {
      kind: "search",
      pipeline: query.expression.pipeline,
      hints: [],
      start: 0,
      end: 0,
    } as const;
    assert.ok(stages.length > 0);
    const narrowedText = narrowed(text === "" ? "{ }" : text, conditions(given));
    const expected = parse(narrowedText);
    assert.ok(expected.kind === "search");
    const rooted = new Set(
      traces
        .filter(({ spans }) => spans.some(({ parentSpanId }) => parentSpanId === ""))
        .map(({ traceId }) => traceId),
    );
    assert.deepEqual(
      evaluateSearch(left, traces).map(({ traceId }) => traceId),
      evaluateSearch(expected, traces)
        .map(({ traceId }) => traceId)
        .filter((id) => rooted.has(id)),
      counts,
    );
  });
}

test("words that TraceQL cannot say are not counted", () => {
  assert.equal(countsOverTime("", conditions("text=fee")), undefined);
});
