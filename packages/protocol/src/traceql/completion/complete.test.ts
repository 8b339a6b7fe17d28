import assert from "node:assert/strict";
import { test } from "node:test";
import { printField } from "../print.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { VALID_QUERIES } from "../testing/valid-queries.ts";
import { complete, keyText, valueText } from "./complete.ts";

/** Completes at the `|` of a text with `¦`. */
function at(marked: string) {
  const cursor = marked.indexOf("¦");
  assert.notEqual(cursor, -1);
  const text = marked.replace("¦", "");
  const completion = complete(text, cursor);
  const texts = completion.items.map((item) => item.text);
  return { ...completion, texts, replaced: text.slice(completion.start, completion.end) };
}

const offered: readonly (readonly [marked: string, some: readonly string[], not: readonly string[]])[] = [
  ["¦", ["{ ", "count()", "by("], ["rate()", "&&", "span:name"]],
  ["{ ¦", ["span:name", "span.", "agent:model", "trace:duration"], ["=", "rate()", "}"]],
  ["{ dur¦", ["span:duration", "trace:duration"], ["span:name"]],
  ["{ span:st¦", ["span:status", "span:statusMessage"], ["span:name", "trace:id"]],
  ["{ agent:¦", ["agent:name", "agent:tokens"], ["span:name"]],
  ["{ status ¦", ["=", "!="], ["=~", ">", "&&", "+", "}"]],
  ["{ duration ¦", [">", "=", "+"], ["=~", "&&", "}"]],
  ["{ name ¦", ["=~", "="], ["+", "&&"]],
  ["{ .a ¦", ["=", "=~", "&&", "}", "+"], ["|"]],
  ["{ .a !¦", ["!=", "!~"], ["=", "&&"]],
  ["{ status = ¦", ["error", "ok", "unset"], ["server", "nil"]],
  ["{ status = er¦", ["error"], ["ok"]],
  ["{ span:kind != ¦", ["server", "client"], ["error"]],
  ["{ agent:running = ¦", ["true", "false"], []],
  ["{ agent:type = ¦", ['"llm"', '"tool"'], []],
  ['{ agent:type = "l¦', ['"llm"'], ['"tool"']],
  ["{ parent ¦", ["=", "!="], [">", "&&"]],
  ["{ .a = ¦", ["nil"], ["span:name"]],
  ["{ .a = 1 ¦", ["&&", "||", "}", "+"], ["=", "=~"]],
  ["{ .a = 1 && ¦", ["span:name", "span."], ["&&"]],
  ["{ (.a ¦", ["=", ")"], ["}"]],
  ["{ parent.¦", ["parent.span.", "parent.duration"], ["span:name"]],
  ["{ .a = 1 }¦", ["|", "&&", ">>", "with ("], ["="]],
  ["{ .a } > ¦", ["{ ", "("], ["|", "rate()"]],
  ["{ .a } !¦", ["!>>", "!~"], [">>"]],
  ["{ .a } &¦", ["&&", "&>>"], [">>"]],
  ["({ .a } ¦", ["|", ")", "&&"], ["with ("]],
  ["{ } | ¦", ["{ ", "count()", "by(", "coalesce()", "rate()", "quantile_over_time("], ["topk("]],
  ["{ } | ra¦", ["rate()"], ["count()"]],
  ["{ } | count() ¦", ["=", ">", "+"], ["=~", "|"]],
  ["{ } | count() > 2 ¦", ["|"], ["by ("]],
  ["{ } | max(¦", ["span:duration", "agent:tokens"], ["rate()"]],
  ["{ } | by(¦", ["span:name", "resource."], []],
  ["{ } | select(name¦", [], ["span:status"]],
  ["{ } | select(name ¦", [",", ")"], ["span:name"]],
  ["{ } | select(name, ¦", ["span:name", "span."], []],
  ["{ } | rate() ¦", ["by (", "|", ">", "with ("], ["&&", "=~"]],
  ["{ } | rate() by(¦", ["span:name", "agent:name"], []],
  ["{ } | rate() by(name) ¦", ["|", ">", "with ("], ["by (", "+"]],
  ["{ } | rate() | ¦", ["topk(", "bottomk("], ["rate()", "{ "]],
  ["{ } | rate() | topk(5) ¦", ["|", ">"], []],
  ["{ } | avg_over_time(¦", ["span:duration"], []],
  ["{ } | quantile_over_time(duration, ¦", [], ["span:name"]],
  ["({ } | rate()) ¦", ["+", "/", ">", "|"], ["&&", "by ("]],
  ["{ } | compare(¦", ["{ "], ["rate()"]],
  ["{ } | compare({ st¦", ["span:status"], []],
  ["{ } with (¦", ["exemplars=", "most_recent="], []],
  ["{ } with (exemplars=¦", ["true", "false"], []],
  ["{ } with (exemplars=true ¦", [")"], []],
];

for (const [marked, some, not] of offered) {
  test(`${marked} offers ${some.join(" ")}`, () => {
    const { texts } = at(marked);
    for (const text of some) assert.ok(texts.includes(text), `${text} is missing in ${texts}`);
    for (const text of not) assert.ok(!texts.includes(text), `${text} should not be in ${texts}`);
  });
}

const replacedBy: readonly (readonly [marked: string, replaced: string])[] = [
  ["{ dur¦ > 1s }", "dur"],
  ["{ du¦ration > 1s }", "duration"],
  ["{ ¦duration > 1s }", ""],
  ["{ span.htt¦p.method = 1 }", "span.http.method"],
  ["{ status = err¦or }", "error"],
  ['{ name = "ch¦', '"ch'],
  ['{ name = "ch¦at" && .a }', '"chat"'],
  ["{ } | ra¦te()", "rate"],
  ["{ .a ¦= 1 }", ""],
  ["{ .a !¦ }", "!"],
];

for (const [marked, expected] of replacedBy) {
  test(`${marked} replaces "${expected}"`, () => assert.equal(at(marked).replaced, expected));
}

const keys: readonly (readonly [marked: string, scope: string, ofParent: boolean, prefix: string])[] = [
  ["{ ¦", "any", false, ""],
  ["{ htt¦", "any", false, "htt"],
  ["{ .htt¦", "any", false, "htt"],
  ["{ span.¦", "span", false, ""],
  ["{ span.http.¦", "span", false, "http."],
  ["{ resource.service¦", "resource", false, "service"],
  ['{ span."a b¦', "span", false, "a b"],
  ["{ parent.a¦", "any", true, "a"],
  ["{ parent.resource.a¦", "resource", true, "a"],
  ["{ } | rate() by (resource.¦", "resource", false, ""],
];

for (const [marked, scope, ofParent, prefix] of keys) {
  test(`${marked} wants names of ${ofParent ? "the parent's " : ""}${scope} that start with "${prefix}"`, () => {
    assert.deepEqual(at(marked).wanted, { kind: "keys", scope, ofParent, prefix });
  });
}

test("the values of a field are wanted, with what is written of them", () => {
  for (const [marked, field, prefix] of [
    ["{ span.region = ¦", "span.region", ""],
    ['{ span.region = "e¦', "span.region", "e"],
    ['{ span.region =~ "e¦u" }', "span.region", "e"],
    ["{ agent:model = ¦", "agent:model", ""],
    ['{ name != "G¦', "span:name", "G"],
    ["{ .a = 1 && (.b = `x¦", ".b", "x"],
  ] as const) {
    const { wanted } = at(marked);
    assert.ok(wanted?.kind === "values", marked);
    assert.equal(printField(wanted.field), field);
    assert.equal(wanted.prefix, prefix);
  }
  assert.equal(at("{ duration > ¦").wanted, undefined);
});

test("names and values that are known are written so that the query can be read", () => {
  const { wanted } = at("{ span.¦");
  assert.ok(wanted?.kind === "keys");
  assert.equal(keyText(wanted, "http.method"), "span.http.method");
  assert.equal(keyText(wanted, "a b"), 'span."a b"');
  assert.deepEqual([valueText('say "hi"'), valueText(3), valueText(true)], ['"say \\"hi\\""', "3", "true"]);
});

test("anywhere in any text there is an answer whose range holds the cursor", () => {
  const random = seededRandom(3);
  for (const text of VALID_QUERIES) {
    for (let cursor = 0; cursor <= text.length; cursor++) {
      const damaged = random.once(3) ? text.slice(0, cursor) : text;
      const { start, end } = complete(damaged, cursor);
      assert.ok(start <= cursor && cursor <= end && end <= damaged.length, `${damaged} at ${cursor}`);
    }
  }
});
