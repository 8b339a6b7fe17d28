import assert from "node:assert/strict";
import { test } from "node:test";
import { type Known, proposals, questionOf } from "./complete-query.ts";

const KNOWN: Known = {
  names: new Map([
    ["span", ["http.route", "retries", "with space"]],
    ["resource", ["service.name"]],
  ]),
  values: [
    { type: "string", value: "planner" },
    { type: "string", value: 'say "hi"' },
    { type: "int", value: "3" },
  ],
};

/** Completes at the `¦`. */
function at(marked: string) {
  const cursor = marked.indexOf("¦");
  return { text: marked.replace("¦", ""), cursor };
}

/** What taking a proposal leaves, the cursor as `¦`. */
function taking(marked: string, label: string): string | undefined {
  const { text, cursor } = at(marked);
  const found = proposals(text, cursor, KNOWN).find((proposal) => proposal.label === label);
  return found && `${found.text.slice(0, found.cursor)}¦${found.text.slice(found.cursor)}`;
}

const takings: readonly (readonly [text: string, label: string, then: string])[] = [
  ["¦", "{", "{ ¦"],
  ["{¦", "agent:name", "{agent:name ¦"],
  ["{ ag¦", "agent:name", "{ agent:name ¦"],
  ["{ agent:name ¦", "=", "{ agent:name = ¦"],
  ["{ agent:name=¦", '"planner"', '{ agent:name="planner" ¦'],
  ["{ agent:name = ¦", '"planner"', '{ agent:name = "planner" ¦'],
  ['{ agent:name = "pl¦', '"planner"', '{ agent:name = "planner" ¦'],
  ['{ agent:name = "pl¦" }', '"planner"', '{ agent:name = "planner"¦ }'],
  ["{ .a = ¦", '"say \\"hi\\""', '{ .a = "say \\"hi\\"" ¦'],
  ["{ .retries > ¦", "3", "{ .retries > 3 ¦"],
  ["{ span.¦", "span.http.route", "{ span.http.route ¦"],
  ["{ span.¦", 'span."with space"', '{ span."with space" ¦'],
  ["{ route¦", ".http.route", "{ .http.route ¦"],
  ["{ res¦", "resource.", "{ resource.¦"],
  ["{ status = ¦", "error", "{ status = error ¦"],
  ["{ }¦", "|", "{ } | ¦"],
  ["{ } | ¦", "rate()", "{ } | rate() ¦"],
  ["{ } | rate() ¦", "by (", "{ } | rate() by (¦"],
  ["{ } | max(¦", "agent:cost", "{ } | max(agent:cost ¦"],
];

for (const [text, label, then] of takings) {
  test(`${label} taken in ${text}`, () => assert.equal(taking(text, label), then));
}

test("the server is asked for names where fields may stand, for values behind a comparison, else for nothing", () => {
  const question = (marked: string) => {
    const { text, cursor } = at(marked);
    return questionOf(text, cursor);
  };
  assert.deepEqual(question("{ ¦"), { asks: "names" });
  assert.deepEqual(question("{ name = ¦"), { asks: "values", field: "span:name" });
  assert.deepEqual(question('{ .http.route =~ "/ch¦'), { asks: "values", field: ".http.route" });
  assert.deepEqual(question("{ parent.span.a != ¦"), { asks: "values", field: "span.a" });
  assert.equal(question("{ status = ¦"), undefined);
  assert.equal(question("{ }¦"), undefined);
});

test("values that begin with what is written come first", () => {
  const known: Known = {
    values: ["my plan", "plan", "other"].map((value) => ({ type: "string" as const, value })),
  };
  const { text, cursor } = at('{ .a = "pl¦');
  assert.deepEqual(
    proposals(text, cursor, known).map(({ label }) => label),
    ['"plan"', '"my plan"'],
  );
});

test("without an answer the language alone is proposed", () => {
  const labels = proposals("{ agent:na", 10, {}).map(({ label }) => label);
  assert.deepEqual(labels, ["agent:name"]);
});
