import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, cost, count, duration, many } from "./quantities.ts";

test("a length of time has three digits and one unit, or two from a minute on", () => {
  const lengths: readonly (readonly [number, string])[] = [
    [0, "0 ms"],
    [0.000_25, "0.25 µs"],
    [0.25, "250 µs"],
    [0.9996, "1 ms"],
    [1.5, "1.5 ms"],
    [999.6, "1 s"],
    [1250, "1.25 s"],
    [59_940, "59.9 s"],
    [59_960, "1m 00s"],
    [125_000, "2m 05s"],
    [3_599_600, "1h 00m"],
    [3_720_000, "1h 02m"],
    [100 * 3_600_000, "4d 4h"],
    [-5, "−5 ms"],
  ];
  for (const [ms, text] of lengths) assert.equal(duration(ms), text, String(ms));
});

test("money keeps two digits that say something", () => {
  assert.deepEqual([0, 0.000_000_4, 0.000_085, 0.0022, 0.0416, 0.5, 1234.5].map(cost), [
    "",
    "<$0.000001",
    "$0.000085",
    "$0.0022",
    "$0.042",
    "$0.50",
    "$1,234.50",
  ]);
});

test("counts and sizes are short", () => {
  assert.deepEqual([7, 999, 12_345, 4_000_000].map(count), ["7", "999", "12.3K", "4M"]);
  assert.deepEqual([12, 1200, 3_400_000].map(bytes), ["12 B", "1.2 KB", "3.4 MB"]);
  assert.deepEqual([many(1, "span"), many(1200, "span")], ["1 span", "1,200 spans"]);
});
