import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "./parse.ts";
import { printQuery } from "./print.ts";
import { randomQuery } from "./testing/random-query.ts";
import { seededRandom } from "./testing/seeded-random.ts";
import { withoutOffsets } from "./testing/without-offsets.ts";
import { TraceQlError } from "./traceql-error.ts";

test("a printed query parses to an equal tree, for 3,000 random ones", () => {
  const random = seededRandom(20_261);
  let refused = 0;
  for (let run = 0; run < 3_000; run++) {
    const text = randomQuery(random, random.below(4));
    let query: ReturnType<typeof parse>;
    try {
      query = parse(text);
    } catch (error) {
      assert.ok(error instanceof TraceQlError, text);
      refused += 1;
      continue;
    }
    const printed = printQuery(query);
    assert.deepEqual(withoutOffsets(parse(printed)), withoutOffsets(query), `${text}\n${printed}`);
    assert.equal(printQuery(parse(printed)), printed);
  }
  assert.ok(refused < 300, `${refused} random queries were refused`);
});

const printed: readonly (readonly [string, string])[] = [
  ["{}", "{ }"],
  ["{duration>90m}", "{ span:duration > 1h30m }"],
  ["{ .a && (.b || .c) }", "{ .a && (.b || .c) }"],
  ["{ (.a && .b) || .c }", "{ .a && .b || .c }"],
  ["{ -(.a + 1) ^ 2 = (2 ^ 3) ^ 4 }", "{ -(.a + 1) ^ 2 = (2 ^ 3) ^ 4 }"],
  ['{ span."a b" = `c"d` }', '{ span."a b" = "c\\"d" }'],
  ["({ .a }) >> ({ .b } && { .c })", "{ .a } >> ({ .b } && { .c })"],
  ["({ .a } | count() > 1) && { .b }", "({ .a } | count() > 1) && { .b }"],
  ["({ .a } | count() > 1)", "{ .a } | count() > 1"],
  ["{ } | rate() by(name) > 1 * 3 | topk(5)", "{ } | rate() by (span:name) > 3 | topk(5)"],
  ["(({ } | rate()) + 1) * 2 > 5", "(({ } | rate()) + 1) * 2 > 5"],
  ["({ } | rate() > 6) * 100", "({ } | rate() > 6) * 100"],
  ["{ } | compare({ status = error })", "{ } | compare({ span:status = error }, 10)"],
  ['{ trace:id = "abc" }', `{ trace:id = "${"abc".padStart(32, "0")}" }`],
  ["{ } with(sample=0.1) with (most_recent=true)", "{ } with (sample=0.1, most_recent=true)"],
];

for (const [text, expected] of printed) {
  test(`${text} prints as ${expected}`, () => assert.equal(printQuery(parse(text)), expected));
}
