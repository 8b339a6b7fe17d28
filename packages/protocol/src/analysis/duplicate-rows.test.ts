import assert from "node:assert/strict";
import { test } from "node:test";
import { duplicateRows } from "./duplicate-rows.ts";

test("every row but the first with an id is a duplicate", () => {
  assert.deepEqual([...duplicateRows(6, ["b", "a", "b", "", "b", "a"])], [2, 4, 5]);
  assert.deepEqual([...duplicateRows(0, [])], []);
});

test("ids that only end alike are no duplicates", () => {
  assert.deepEqual(
    [...duplicateRows(4, ["0000000112345678", "12345678", "0000000212345678", "12345678"])],
    [3],
  );
});

test("rows without an id have the empty one", () => {
  assert.deepEqual([...duplicateRows(3, ["a"])], [2]);
});
