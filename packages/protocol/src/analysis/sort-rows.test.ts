import assert from "node:assert/strict";
import { test } from "node:test";
import { sortRows } from "./sort-rows.ts";
import { Random } from "./testing/random.ts";

test("rows are in order of their keys, equal ones as they were, and others stay in their places", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = new Random(seed);
    const count = random.below(seed % 10 === 0 ? 2_000 : 60);
    const key = Float64Array.from({ length: count }, () => random.below(1 + (seed % 50)) - 5.5);
    const rows = Int32Array.from({ length: count }, (_, at) => (at * 7) % Math.max(1, count));
    const from = random.below(count + 1);
    const to = from + random.below(count - from + 1);
    const sorted = [...rows.subarray(from, to)].sort((a, b) => key[a]! - key[b]!);
    const expected = [...rows.subarray(0, from), ...sorted, ...rows.subarray(to)];
    sortRows(rows, key, from, to);
    assert.deepEqual([...rows], expected, `seed ${seed}`);
  }
});

test("infinite keys are keys like others", () => {
  const rows = Int32Array.of(0, 1, 2, 3);
  sortRows(rows, Float64Array.of(Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, 0));
  assert.deepEqual([...rows], [2, 1, 3, 0]);
});
