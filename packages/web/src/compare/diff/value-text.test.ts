import assert from "node:assert/strict";
import { test } from "node:test";
import { valueText } from "./value-text.ts";

test("a value has a line for each field, in the order of their names", () => {
  const text = '{\n  "a": [\n    1,\n    null\n  ],\n  "b": {},\n  "c": "x\\ny"\n}';
  assert.equal(valueText({ c: "x\ny", b: {}, a: [1, null] }), text);
  assert.equal(valueText('{"c":"x\\ny","a":[1,null],"b":{}}'), text);
});

test("text stays text, and nothing is empty", () => {
  assert.equal(valueText("late fee {"), "late fee {");
  assert.equal(valueText(undefined), "");
  assert.equal(valueText(12), "12");
});

test("what is very deep or very long ends somewhere", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 5000; level++) deep = [deep];
  assert.match(valueText(deep), /…/);
  const long = valueText(Array.from({ length: 200_000 }, (_, at) => ({ at, name: "x".repeat(20) })));
  assert.ok(long.length < 300_000, `${long.length}`);
});
