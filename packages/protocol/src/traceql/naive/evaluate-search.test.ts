import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { parse } from "../parse.ts";
import { randomQuery } from "../testing/random-query.ts";
import { randomTraces } from "../testing/random-traces.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { spanOf, treeOf } from "../testing/span-of.ts";
import { evaluateMetrics } from "./evaluate-metrics.ts";
import { evaluateSearch } from "./evaluate-search.ts";
import type { PlainSpan, PlainTrace, PlainValue } from "./plain-trace.ts";
import { viewTrace } from "./trace-view.ts";

/** Ids of the spans found, spansets apart: `ab c`. */
function found(text: string, trace: PlainTrace): string {
  const query = parse(text);
  assert.ok(query.kind === "search");
  const [match] = evaluateSearch(query, [trace]);
  return (match?.spansets ?? []).map(({ spanIds }) => spanIds.toSorted().join("")).join(" ");
}

function holds(text: string, told: Partial<PlainSpan>): boolean {
  return found(text, { traceId: "0".repeat(32), spans: [spanOf("a", told)] }) === "a";
}

function attributeHolds(text: string, a: PlainValue | undefined): boolean {
  return holds(text, { attributes: a === undefined ? {} : { a } });
}

const conditions: readonly (readonly [text: string, a: PlainValue | undefined, expected: boolean])[] = [
  ["{ .a = 2 }", 2n, true],
  ["{ .a = 2.0 }", 2n, true],
  ["{ .a = 2 }", "2", false],
  ["{ .a != 2 }", "2", false],
  ["{ .a != 2 }", undefined, false],
  ["{ .a != 2 }", 3n, true],
  ["{ !(.a = 2) }", undefined, true],
  ["{ .a = nil }", undefined, true],
  ["{ .a = nil }", 0n, false],
  ["{ .a != nil }", "", true],
  ["{ .a }", true, true],
  ["{ .a }", 1n, false],
  ["{ !.a }", false, true],
  ["{ !.a }", undefined, false],
  ["{ .a || true }", undefined, true],
  ["{ .a && true }", undefined, false],
  ["{ .a > 9007199254740992 }", 9007199254740993n, true],
  ["{ .a = maxInt }", 9223372036854775807n, true],
  ["{ .a > 1 }", Number.NaN, false],
  ["{ .a != 1 }", Number.NaN, true],
  ['{ .a >= "400" }', "404", true],
  ['{ .a < "\\uffff" }', "😀", false],
  ['{ .a =~ "b" }', "abc", false],
  ['{ .a =~ ".*b.*" }', "abc", true],
  ['{ .a =~ "a.c" }', "a\nc", true],
  ['{ .a =~ "a|b" }', "b", true],
  ['{ .a !~ "a|b" }', "ab", true],
  ['{ .a !~ "a|b" }', undefined, false],
  ['{ .a =~ "(?i)ABC" }', "abc", true],
  ['{ .a = "x" }', ["y", "x"], true],
  ['{ .a != "x" }', ["y", "x"], false],
  ['{ .a != "z" }', ["y", "x"], true],
  ['{ .a =~ "x.*" }', ["y", "xy"], true],
  ['{ .a !~ "x.*" }', ["y", "xy"], false],
  ["{ .a > 2 }", [1n, 3n], true],
  ["{ 2 < .a }", [1n, 3n], true],
  ['{ .a != "x" }', [], true],
  ['{ .a = "x" }', [], false],
  ["{ .a = .a }", ["x"], false],
  ["{ .a + 1 = 2 }", [1n], false],
  ["{ .a / 2 = 3 }", 7n, true],
  ["{ .a / 2 = 3.5 }", 7.0, true],
  ["{ -.a / 2 = -3 }", 7n, true],
  ["{ .a % 4 = 3 }", 7n, true],
  ["{ .a / 0 = 1 || .a / 0 != 1 }", 7n, false],
  ["{ .a ^ 3 = 8 }", 2n, true],
  ["{ 2 ^ .a = 8 }", 3n, true],
  ["{ .a * 2 = minInt }", 2n ** 62n, true],
  ["{ .a + 1s = 1000000001 }", 1n, true],
  ["{ -.a = 1 }", -1n, true],
];

for (const [text, a, expected] of conditions) {
  test(`${text} is ${expected} where .a is ${inspect(a)}`, () =>
    assert.equal(attributeHolds(text, a), expected));
}

test("a dot means the span's attribute, else the resource's", () => {
  assert.ok(holds("{ .a = 1 }", { attributes: { a: 1n }, resource: { a: 2n } }));
  assert.ok(holds("{ .a = 2 }", { resource: { a: 2n } }));
  assert.ok(!holds("{ span.a = 2 }", { resource: { a: 2n } }));
  assert.ok(holds("{ resource.a = 2 && span.a = 1 }", { attributes: { a: 1n }, resource: { a: 2n } }));
  assert.ok(!holds("{ .toString != nil }", {}));
});

test("events and links are looked at one by one, and negations ask all of them", () => {
  const events = [
    { name: "retry", time: 5n, attributes: { n: 1n } },
    { name: "exception", time: 9n, attributes: { n: 2n } },
  ];
  assert.ok(holds('{ event:name = "exception" }', { events }));
  assert.ok(!holds('{ event:name != "exception" }', { events }));
  assert.ok(holds("{ event:timeSinceStart > 8ns && event.n = 2 }", { events }));
  assert.ok(holds("{ event:name = nil }", {}));
  assert.ok(!holds("{ event:name = nil }", { events }));
  const links = [{ traceId: `${"0".repeat(29)}abc`, spanId: "b", attributes: { k: "v" } }];
  assert.ok(holds('{ link:traceID = "abc" && link:spanID = "b" && link.k = "v" }', { links }));
});

test("intrinsics of a span, its trace and its instrumentation", () => {
  const told: Partial<PlainSpan> = {
    name: "chat",
    kind: "client",
    status: "error",
    statusMessage: "quota",
    duration: 1_500_000_000n,
    resource: { "service.name": "shop" },
    instrumentation: { name: "openai", version: "4.1", attributes: { lang: "node" } },
  };
  for (const condition of [
    'name = "chat"',
    "kind = client",
    "status = error && status != ok",
    'statusMessage = "quota"',
    "duration = 1.5s",
    "traceDuration = 1500ms",
    'rootName = "chat" && rootServiceName = "shop"',
    'span:id = "a" && span:parentID = "" && span:childCount = 0',
    'trace:id = "0"',
    'instrumentation:name = "openai" && instrumentation:version = "4.1" && instrumentation.lang = "node"',
    "nestedSetLeft = 1 && nestedSetRight = 2 && nestedSetParent = -1",
    "parent = nil",
  ]) {
    assert.ok(holds(`{ ${condition} }`, told), condition);
  }
});

test("fields of agent: are nil when empty or zero", () => {
  const agent = {
    "agent:name": "planner",
    "agent:input_tokens": 100,
    "agent:output_tokens": 20,
    "agent:cost": 0.5,
  };
  assert.ok(holds('{ agent:name = "planner" && agent:tokens = 120 && agent:cost > 0.4 }', { agent }));
  assert.ok(holds("{ agent:model = nil && agent:reasoning_tokens = nil && agent:tokens = nil }", {}));
  assert.ok(!holds("{ agent:tokens < 10 }", {}));
  assert.ok(holds("{ !agent:running && agent:running = false }", {}));
  assert.ok(
    holds("{ agent:time_to_first_token = 1s }", { agent: { "agent:time_to_first_token": 10n ** 9n } }),
  );
});

test("parent. reads the parent span, which has to be in the trace", () => {
  const trace = treeOf("a(b(c))", { a: { attributes: { x: 1n }, duration: 9n }, b: { resource: { x: 2n } } });
  assert.equal(found("{ parent.x = 1 }", trace), "b");
  assert.equal(found("{ parent.resource.x = 2 }", trace), "c");
  assert.equal(found("{ parent.duration = 9ns }", trace), "b");
  assert.equal(found('{ parent."duration" != nil }', trace), "");
  assert.equal(found("{ parent = nil }", trace), "a");
  const orphan = treeOf("a", { a: { parentSpanId: "z" } });
  assert.equal(found("{ parent != nil && parent.x = nil }", orphan), "a");
});

//  a ─┬─ b ─┬─ d
//     │     └─ e ── g
//     └─ c ── f
const family = treeOf("a(b(d e(g)) c(f))");
const structures: readonly (readonly [string, string])[] = [
  ['{ name = "b" } > { }', "de"],
  ['{ name = "b" } >> { }', "deg"],
  ['{ name = "g" } < { }', "e"],
  ['{ name = "g" } << { }', "abe"],
  ['{ name = "b" } ~ { }', "c"],
  ['{ name = "b" } !> { }', "abcfg"],
  ['{ name = "b" } !>> { }', "abcf"],
  ['{ name = "g" } !< { }', "abcdfg"],
  ['{ name = "g" } !<< { }', "cdfg"],
  ['{ name = "b" } !~ { }', "abdefg"],
  ['{ name = "b" } &> { }', "bde"],
  ['{ name = "b" } &>> { }', "bdeg"],
  ['{ name = "g" } &< { }', "eg"],
  ['{ name = "g" } &<< { }', "abeg"],
  ['{ name = "b" } &~ { }', "bc"],
  ['{ name = "d" || name = "f" } &<< { name = "b" }', "bd"],
  ['{ name = "x" } > { }', ""],
  ['{ name = "x" } !> { }', "abcdefg"],
  ['{ } !> { name = "x" }', ""],
  ["{ } !< { }", "dfg"],
  ["{ } ~ { }", "bcde"],
  ['{ name = "b" } && { name = "c" }', "bc"],
  ['{ name = "b" } && { name = "x" }', ""],
  ['{ name = "b" } || { name = "x" }', "b"],
  ['{ name = "b" } > { name = "e" } > { }', "g"],
  ['{ name = "a" } > ({ name = "b" } > { })', ""],
  ['({ name = "b" } > { }) && ({ } | count() > 6)', "abcdefg"],
  ['({ name = "b" } > { } | count() > 2) || { name = "c" }', "c"],
  ["{ nestedSetParent < 0 }", "a"],
  ["{ span:childCount > 1 }", "ab"],
];

for (const [text, expected] of structures) {
  test(`${text} finds "${expected}" in a(b(d e(g)) c(f))`, () => assert.equal(found(text, family), expected));
}

test("spans without their root, with two roots and in a ring are related by what they say", () => {
  const orphans = treeOf("a(b) c", { a: { parentSpanId: "z" }, c: { parentSpanId: "z" } });
  assert.equal(found('{ name = "a" } > { }', orphans), "b");
  assert.equal(found('{ name = "a" } ~ { }', orphans), "c");
  assert.equal(found('{ rootName = "" }', orphans), "abc");
  assert.equal(found('{ name = "a" } ~ { }', treeOf("a(b) c")), "c");
  const ring = treeOf("a b", { a: { parentSpanId: "b" }, b: { parentSpanId: "a" } });
  assert.equal(found('{ name = "a" } >> { }', ring), "ab");
});

const numbered = treeOf("a(b c d e)", {
  a: { attributes: { n: 1n, k: "x" }, duration: 10n },
  b: { attributes: { n: 2n, k: "y" }, duration: 20n },
  c: { attributes: { n: 3n, k: "x" }, duration: 30n },
  d: { attributes: { n: 1.5 }, duration: 40n },
  e: { attributes: { n: "text" }, duration: 51n },
});
const pipelines: readonly (readonly [string, string])[] = [
  ["count() = 5", "abcde"],
  ["count() > 5", ""],
  ["{ .n > 1 } | count() = 3", "bcd"],
  ["{ .n > 1 } | count() = 3 | { .k != nil }", "bc"],
  ["min(.n) = 1", "abcde"],
  ["max(.n) = 3", "abcde"],
  ["sum(.n) = 7.5", "abcde"],
  ["avg(.n) = 1.875", "abcde"],
  ['{ .k = "x" } | avg(.n) = 2', "ac"],
  ['{ .k = "y" || name = "c" } | avg(.n) = 2.5', "bc"],
  ["avg(duration) = 30ns", "abcde"],
  ["max(duration) - min(duration) = 41ns", "abcde"],
  ["max(.missing) != 1", ""],
  ["max(.n + 1) = 4", "abcde"],
  ["count() * 2 - 1 = 9", "abcde"],
  ["count() < max(.n)", ""],
  ["by(.k)", "ac b de"],
  ["by(.k) | count() > 1", "ac de"],
  ["by(.k) | count() > 1 | coalesce()", "acde"],
  ["by(.k) | by(.n)", "a c b d e"],
  ["{ .k != nil } | by(.n > 1)", "a bc"],
  ["by(.k) | { .n = 1 } | count() = 1", "a"],
  ["by(.k) | ({ } | count() > 1)", "ac de"],
  ["{ } | select(.n, name)", "abcde"],
  ['({ .k = "x" } | count()) > ({ .k = "y" } | count())', "abc"],
  ['({ .k = "x" } | count()) > ({ .k = "z" } | count())', "ac"],
  ['({ .k = "x" } | max(.n)) > ({ .k = "z" } | max(.n))', ""],
  ['({ .k = "z" } | count()) = 0', "abcde"],
  ['({ .k = "x" } | count()) + ({ .k = "y" } | count()) = 3', "abc"],
  ['({ .k = "x" } | sum(.n)) = 4 | { .n > 1 }', "c"],
  ["({ .n > 1 } | by(.k) | coalesce() | count()) = 3", "bcd"],
];

for (const [text, expected] of pipelines) {
  test(`${text} leaves "${expected}"`, () => assert.equal(found(text, numbered), expected));
}

test("traces come newest first, and each spanset says what it is grouped by", () => {
  const traces = [1n, 3n, 2n].map((start) => ({
    traceId: `${start}`,
    spans: [spanOf("a", { start, attributes: { k: "x" } })],
  }));
  const query = parse("by(.k) | by(kind)");
  assert.ok(query.kind === "search");
  const matches = evaluateSearch(query, traces);
  assert.deepEqual(
    matches.map(({ traceId }) => traceId),
    ["3", "2", "1"],
  );
  assert.deepEqual(matches[0]!.spansets[0]!.groups, [
    { type: "string", value: "x" },
    { type: "kind", value: "internal" },
  ]);
});

test("every random query that parses has an answer, and a filter's answer splits the spans in two", () => {
  const random = seededRandom(11);
  const traces = randomTraces(random, 40);
  const all = traces.flatMap(({ spans }) => spans).length;
  const range = {
    start: traces[0]!.spans[0]!.start,
    end: traces.at(-1)!.spans[0]!.start,
    step: 10_000_000_000n,
  };
  const size = (text: string) => {
    const query = parse(text);
    assert.ok(query.kind === "search");
    const matches = evaluateSearch(query, traces);
    return matches.flatMap(({ spansets }) => spansets.flatMap(({ spanIds }) => spanIds)).length;
  };
  let hits = 0;
  for (let run = 0; run < 600; run++) {
    const text = randomQuery(random, random.below(3));
    let query: ReturnType<typeof parse>;
    try {
      query = parse(text);
    } catch {
      continue;
    }
    if (query.kind === "metrics") {
      hits += Number(evaluateMetrics(query, traces.map(viewTrace), range).length > 0);
      continue;
    }
    hits += Number(evaluateSearch(query, traces).length > 0);
    const [first] = query.pipeline.stages;
    if (first?.kind !== "filter" || first.condition === undefined) continue;
    const condition = text.slice(first.condition.start, first.condition.end);
    assert.equal(size(`{ (${condition}) = true }`) + size(`{ !((${condition}) = true) }`), all, condition);
  }
  assert.ok(hits > 150, `only ${hits} queries found anything`);
});
