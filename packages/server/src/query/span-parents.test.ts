import assert from "node:assert/strict";
import { test } from "node:test";
import { parentIndexes } from "./span-parents.ts";

const ROOT = "0000000000000000";

test("a parent is found before and after its child", () => {
  assert.deepEqual(parentIndexes(["b", "a", "c"], ["a", ROOT, "b"]), [1, -1, 0]);
});

test("a parent that is not stored is told from none", () => {
  assert.deepEqual(parentIndexes(["a", "b"], [ROOT, "x"]), [-1, -2]);
});

test("a span that names itself as its parent has none that is stored", () => {
  assert.deepEqual(parentIndexes(["a"], ["a"]), [-2]);
});

test("spans that are each other's ancestors are cut apart at one of them", () => {
  const parents = parentIndexes(["a", "b", "c", "d"], ["b", "c", "a", "a"]);
  assert.equal(parents.filter((parent) => parent === -2).length, 1);
  for (let start = 0; start < 4; start += 1) {
    let steps = 0;
    for (let at = start; at >= 0; at = parents[at]!) assert.ok((steps += 1) <= 4);
  }
});

test("the first of several spans with one id is the parent", () => {
  assert.deepEqual(parentIndexes(["a", "a", "b"], [ROOT, ROOT, "a"]), [-1, -1, 0]);
});

test("a chain of a hundred thousand spans is walked without recursion", () => {
  const ids = Array.from({ length: 100_000 }, (_, index) => `span ${index}`);
  const parents = parentIndexes(ids, ["span 99999", ...ids.slice(0, -1)]);
  assert.equal(parents.filter((parent) => parent === -2).length, 1);
  assert.equal(parents[99_999], 99_998);
});
