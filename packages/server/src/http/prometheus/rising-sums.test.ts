import assert from "node:assert/strict";
import { test } from "node:test";
import { RisingSums } from "./rising-sums.ts";

test("sums rise with the entries and do not fall when one is forgotten", () => {
  const sums = new RisingSums();
  sums.update([
    ["a", 2],
    ["b", 1],
    ["a", 3],
  ]);
  assert.deepEqual(
    [...sums.totals],
    [
      ["a", 5],
      ["b", 1],
    ],
  );
  sums.update([["a", 3]]);
  assert.deepEqual(
    [...sums.totals],
    [
      ["a", 5],
      ["b", 1],
    ],
  );
  sums.update([
    ["a", 4],
    ["b", 2],
  ]);
  assert.deepEqual(
    [...sums.totals],
    [
      ["a", 6],
      ["b", 3],
    ],
  );
});
