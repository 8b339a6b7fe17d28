import assert from "node:assert/strict";
import { test } from "node:test";
import { groupRows } from "./group-rows.ts";

test("groups are in the order of their first rows, rows in a group in the order they came", () => {
  const { count, rows, start } = groupRows(
    Int32Array.of(9, 4, 7, 1, 3),
    Float64Array.of(2e12, 0, 2e12, -1, 0),
  );
  const groups = Array.from({ length: count }, (_, at) => [...rows.subarray(start[at], start[at + 1])]);
  assert.deepEqual(groups, [[9, 7], [4, 3], [1]]);
});

test("no rows are no groups", () => {
  assert.equal(groupRows(new Int32Array(0), new Float64Array(0)).count, 0);
});
