import assert from "node:assert/strict";
import { test } from "node:test";
import { rowsIn } from "./use-row-window.ts";

test("the kept row is in the document once, in its place", () => {
  assert.deepEqual(rowsIn({ first: 5, end: 8 }, 6), [5, 6, 7]);
  assert.deepEqual(rowsIn({ first: 5, end: 8 }, 0), [0, 5, 6, 7]);
  assert.deepEqual(rowsIn({ first: 5, end: 8 }, 90), [5, 6, 7, 90]);
});
