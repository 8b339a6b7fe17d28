import assert from "node:assert/strict";
import { test } from "node:test";
import { SeriesTable } from "./series-table.ts";

test("series are told apart by all their labels", () => {
  const table = new SeriesTable(10, () => ({ sum: 0 }));
  for (const labels of [
    ["a", "b"],
    ["a,b", ""],
    ["", "a,b"],
    ["a", "b"],
  ])
    table.at(labels, 1)!.sum += 1;
  assert.deepEqual(
    [...table].map(({ labels, value }) => [...labels, value.sum]),
    [
      ["a", "b", 2],
      ["a,b", "", 1],
      ["", "a,b", 1],
    ],
  );
});

test("calls of series that are too many are left out and told of", () => {
  const table = new SeriesTable(2, () => ({}));
  for (const name of ["a", "b", "c", "d", "a"]) table.at([name], 5);
  assert.equal([...table].length, 2);
  assert.equal(table.leftOut, 10);
  table.leaveOutBeyond([
    { calls: "3", all_calls: "10" },
    { calls: "1", all_calls: "10" },
  ]);
  table.leaveOutBeyond([]);
  assert.equal(table.leftOut, 16);
});

test("a zero byte, at which a scraper would stop reading, is replaced", () => {
  const table = new SeriesTable(2, () => ({}));
  table.at(["a\u0000b"], 1);
  assert.equal(table.at(["a\ufffdb"], 1), [...table][0]?.value);
});
