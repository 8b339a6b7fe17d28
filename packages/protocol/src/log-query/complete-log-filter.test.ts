import assert from "node:assert/strict";
import { test } from "node:test";
import { completeLogFilter } from "./complete-log-filter.ts";

/** Completes at the `¦`. */
function at(marked: string) {
  const cursor = marked.indexOf("¦");
  assert.notEqual(cursor, -1);
  const text = marked.replace("¦", "");
  const completion = completeLogFilter(text, cursor);
  const texts = completion.items.map((item) => item.text);
  return { ...completion, texts, replaced: text.slice(completion.start, completion.end) };
}

const offered: readonly (readonly [marked: string, some: readonly string[], not: readonly string[]])[] = [
  ["¦", ["{ "], ["severity", "&&"]],
  ["{ ¦", ["severity", "body", "log:traceId", "log.", "resource."], ["=", "error", "}", "span."]],
  ["{ sev¦", ["severity", "log:severityNumber"], ["body"]],
  ["{ log:t¦", ["log:traceId"], ["severity"]],
  ["{ severity ¦", ["=", ">="], ["=~", "&&", "}", "+"]],
  ["{ severity >= ¦", ["warn", "error"], ["nil", "severity"]],
  ["{ severity >= wa¦", ["warn"], ["error"]],
  ["{ severity >= warn ¦", ["&&", "||", "}"], ["=", "+"]],
  ["{ severity >= warn && ¦", ["body", "log."], ["&&"]],
  ["{ body ¦", ["=~", "="], ["+", "&&"]],
  ["{ log:severityNumber ¦", [">", "+"], ["=~", "}"]],
  ["{ .retry ¦", ["=", "=~", "&&", "}"], []],
  ["{ (.retry ¦", [")"], ["}"]],
  ["{ severity = error }¦", [], ["|", "&&"]],
];

for (const [marked, some, not] of offered) {
  test(`${marked} offers ${some.join(" ") || "nothing"}`, () => {
    const { texts } = at(marked);
    for (const text of some) assert.ok(texts.includes(text), `${text} is missing in ${texts}`);
    for (const text of not) assert.ok(!texts.includes(text), `${text} should not be in ${texts}`);
  });
}

test("names of attributes and values of fields are wanted where they may stand", () => {
  assert.deepEqual(at("{ resource.serv¦").wanted, { kind: "keys", scope: "resource", prefix: "serv" });
  assert.deepEqual(at("{ ret¦").wanted, { kind: "keys", scope: "any", prefix: "ret" });
  const { wanted, replaced } = at('{ log.queue = "ma¦');
  assert.ok(wanted?.kind === "values" && wanted.field.kind === "attribute");
  assert.deepEqual(
    [wanted.field.scope, wanted.field.name, wanted.prefix, replaced],
    ["log", "queue", "ma", '"ma'],
  );
  assert.equal(at("{ log:severityNumber > ¦").wanted, undefined);
});

test("every offset of odd texts has an answer", () => {
  for (const text of ["{ severty >= ", '{ body = "open', "}} ((", "{ .a =~ ` && ", "{ log: }", "🙂{ 1ms"]) {
    for (let cursor = 0; cursor <= text.length; cursor += 1) {
      const { start, end } = completeLogFilter(text, cursor);
      assert.ok(0 <= start && start <= cursor && cursor <= end && end <= text.length);
    }
  }
});
