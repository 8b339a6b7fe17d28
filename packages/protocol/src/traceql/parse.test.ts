import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "./parse.ts";
import { INVALID_QUERIES } from "./testing/invalid-queries.ts";
import { seededRandom } from "./testing/seeded-random.ts";
import { VALID_LONG_QUERIES, VALID_QUERIES } from "./testing/valid-queries.ts";
import { withoutOffsets } from "./testing/without-offsets.ts";
import { TraceQlError } from "./traceql-error.ts";

function refusal(text: string): TraceQlError {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof TraceQlError, `${text}\n${(error as Error).stack}`);
    assert.ok(error.offset >= 0 && error.length >= 0 && error.offset + error.length <= text.length, text);
    assert.notEqual(error.message, "");
    assert.notEqual(error.found, "");
    return error;
  }
  assert.fail(`understood: ${text}`);
}

for (const text of [...VALID_QUERIES, ...VALID_LONG_QUERIES]) {
  test(`understood: ${text.slice(0, 120)}`, () => {
    const { start, end } = parse(text);
    assert.ok(start < end && end <= text.length);
  });
}

for (const [text, at] of INVALID_QUERIES) {
  test(`refused at ${JSON.stringify(at)}: ${text.slice(0, 80)}`, () => {
    const error = refusal(text);
    assert.equal(text.slice(error.offset, error.offset + error.length), at, error.message);
    if (at === "") assert.equal(error.offset, text.length);
  });
}

test("2,000 queries with random damage are understood or refused with a position, never anything else", () => {
  const random = seededRandom(7);
  const signs = [
    ...'{}()|&<>=!~+-*/%^.,:"`\\ 19as',
    "nil",
    "by(",
    ">>",
    "count()",
    "1h",
    "rate()",
    "\u0000",
    "😀",
  ];
  let refused = 0;
  for (let run = 0; run < 2_000; run++) {
    let text = random.pick(VALID_QUERIES);
    for (let damage = 0; damage <= random.below(3); damage++) {
      const at = random.below(text.length + 1);
      const until = at + random.below(4);
      text = text.slice(0, at) + (random.once(3) ? "" : random.pick(signs)) + text.slice(until);
    }
    try {
      parse(text);
    } catch {
      refusal(text);
      refused += 1;
    }
  }
  assert.ok(refused > 1_000, `only ${refused} were refused`);
});

const suggestions: readonly (readonly [string, string | undefined])[] = [
  ["{ resuorce.service.name = 1 }", "resource.service.name"],
  ["{ service.name = 1 }", "resource.service.name"],
  ["{ http.method = 1 }", "span.http.method"],
  ["{ duraton > 1s }", "duration"],
  ["{ status = eror }", "error"],
  ["{ agent:mdoel = 1 }", "agent:model"],
  ["{ agnet:model = 1 }", "agent:model"],
  ["{ trace:kind = server }", "span:kind"],
  ["{ trace:rootServiceName = 1 }", "trace:rootService"],
  ["{ model = 1 }", "agent:model"],
  ["{ } | conut() > 1", "count"],
  ["{ } | reta()", "rate"],
  ["{ } | rate() | topq(3)", "topk"],
  ["{ .a & .b }", "&&"],
  ["{ .a = }", undefined],
];

for (const [text, suggestion] of suggestions) {
  test(`${text} suggests ${suggestion}`, () => {
    const error = refusal(text);
    assert.equal(error.suggestion, suggestion);
    assert.equal(error.message.includes("did you mean"), suggestion !== undefined);
  });
}

test("an error says what would have been right and what was found", () => {
  const error = refusal("{ .a = 1 ");
  assert.equal(error.message, 'expected an operator or "}", found the end of the query');
  assert.deepEqual(error.expected, ["an operator", '"}"']);
  assert.equal(error.found, "the end of the query");
});

const precedences: readonly (readonly [string, string])[] = [
  ["{ .a || .b && .c }", "{ (.a || .b) && .c }"],
  ["{ .a = 1 && .b = 2 }", "{ (.a = 1) && (.b = 2) }"],
  ["{ .a + 1 * 2 = 3 }", "{ (.a + (1 * 2)) = 3 }"],
  ["{ 2 ^ 3 ^ .a = 1 }", "{ (2 ^ (3 ^ .a)) = 1 }"],
  ["{ .a - 1 - 2 = 3 }", "{ ((.a - 1) - 2) = 3 }"],
  ["{ -.a * 2 = 3 }", "{ (-(.a * 2)) = 3 }"],
  ["{ -.a + 2 = 3 }", "{ ((-.a) + 2) = 3 }"],
  ["{ !.a = .b }", "{ (!.a) = .b }"],
  ["{ .a < 1 = true }", "{ (.a < 1) = true }"],
  ["{ .a } && { .b } >> { .c }", "{ .a } && ({ .b } >> { .c })"],
  ["{ .a } > { .b } << { .c }", "({ .a } > { .b }) << { .c }"],
  ["{ .a } || { .b } && { .c }", "({ .a } || { .b }) && { .c }"],
  ["({ } | rate()) + 3 * 2", "({ } | rate()) + 6"],
  ["({ } | rate()) / 3 * 2", "(({ } | rate()) / 3) * 2"],
  ["5 + ({ } | rate()) * 10", "5 + (({ } | rate()) * 10)"],
  ["3 / 2 + ({ } | rate())", "1 + ({ } | rate())"],
  ["3 / 2.0 + ({ } | rate())", "1.5 + ({ } | rate())"],
];

for (const [text, same] of precedences) {
  test(`${text} means ${same}`, () => {
    assert.deepEqual(withoutOffsets(parse(text)), withoutOffsets(parse(same)));
  });
}

test("every node says where it stands", () => {
  const text = '{ .a = 1 } >> { name = "x" } | by(kind) | max(duration) > 1s';
  const query = parse(text);
  assert.ok(query.kind === "search");
  const [spansets, by, filter] = query.pipeline.stages;
  const written = (node: { start: number; end: number } | undefined) =>
    node && text.slice(node.start, node.end);
  assert.equal(written(spansets), '{ .a = 1 } >> { name = "x" }');
  assert.equal(written(by), "by(kind)");
  assert.equal(written(filter), "max(duration) > 1s");
  assert.ok(spansets?.kind === "spansets" && spansets.right.kind === "filter");
  assert.equal(written(spansets.right.condition), 'name = "x"');
});

test("a node takes in the parentheses of its parts", () => {
  const text = "(({ (.a || .b) && .c } | rate()) + (1 + 2)) * 2 > (5)";
  const query = parse(text);
  assert.ok(query.kind === "metrics" && query.expression.kind === "metricsStages");
  const { input, stages } = query.expression;
  const written = (node: { start: number; end: number }) => text.slice(node.start, node.end);
  assert.equal(written(query), text);
  assert.equal(written(query.expression), text);
  assert.equal(written(input), text.slice(0, text.indexOf(" >")));
  assert.equal(written(stages[0]!), "> (5)");
  assert.ok(input.kind === "metricsMath" && input.left.kind === "metricsMath");
  const { left: pipeline } = input.left;
  assert.ok(pipeline.kind === "metricsPipeline" && pipeline.pipeline.stages[0]!.kind === "filter");
  assert.equal(written(pipeline.pipeline.stages[0]!.condition!), "(.a || .b) && .c");
});

test("a text of 65,537 characters is refused, one of 65,536 is read", () => {
  const longest = `{ name = "${"x".repeat(65_536 - 13)}" }`;
  assert.equal(longest.length, 65_536);
  parse(longest);
  assert.match(refusal(`${longest} `).message, /65536 characters/);
});

test("a long chain is refused before it could exhaust the stack", () => {
  assert.match(refusal(`{ ${"1+".repeat(20_000)}1 = 2 }`).message, /operators/);
  assert.match(refusal(`{ }${"&&{ }".repeat(5_000)}`).message, /operators/);
  assert.match(refusal(`{ }${"|{ }".repeat(5_000)}`).message, /operators/);
  assert.match(refusal("(".repeat(60_000)).message, /levels/);
  assert.match(refusal(`{ ${"-".repeat(60_000)}1 = 2 }`).message, /levels/);
  assert.match(refusal(`{ ${"2^".repeat(30_000)}1 = 2 }`).message, /levels/);
  assert.match(refusal(`{ .a =~ "${"(".repeat(60_000)}" }`).message, /RE2/);
});
