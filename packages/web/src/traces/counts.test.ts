import assert from "node:assert/strict";
import { test } from "node:test";
import { countsOf } from "./counts.ts";

const series = (status: string, values: (number | null)[]) => ({
  labels: [{ key: "status", value: { stringValue: status } }],
  values,
  exemplars: [],
});

test("series by status add up, and a point tells of the step before it", () => {
  const counts = countsOf({
    timesMs: [1000, 2000, 3000],
    series: [series("error", [0, 2, null]), series("ok", [1, 1, 0]), series("unset", [3, 0, 0])],
  });
  assert.deepEqual(counts, {
    fromMs: 0,
    toMs: 3000,
    stepMs: 1000,
    timesMs: [1000, 2000, 3000],
    total: [4, 3, 0],
    failed: [0, 2, 0],
  });
});

test("no series is no trace", () => {
  const { total, failed } = countsOf({ timesMs: [1000, 2000], series: [] });
  assert.deepEqual(
    [total, failed],
    [
      [0, 0],
      [0, 0],
    ],
  );
});
