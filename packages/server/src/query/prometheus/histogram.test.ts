import assert from "node:assert/strict";
import { test } from "node:test";
import { BOUNDS_NS, Histogram } from "./histogram.ts";

test("a length is in the bucket of the first bound that it does not exceed", () => {
  const lengths = [0, 1, 2e6, 2e6 + 1, 4e6, 600_000e6, 600_000e6 + 1, 1e18];
  const buckets = lengths.map((durationNs) => {
    const histogram = new Histogram();
    histogram.observe({ durationNs, endedMs: 1, ids: "" });
    return histogram.buckets.indexOf(1);
  });
  assert.deepEqual(buckets, [0, 0, 0, 1, 1, 20, 21, 21]);
  // Statements say the same by the greatest bound that is exceeded.
  for (const [index, boundNs] of BOUNDS_NS.entries()) {
    const histogram = new Histogram();
    const exemplar = { traceId: "", spanId: "", durationNs: boundNs + 1, endedMs: 1 };
    histogram.add({ boundNs, calls: 1, totalNs: boundNs + 1, exemplar });
    histogram.observe({ durationNs: boundNs + 1, endedMs: 1, ids: "" });
    assert.equal(histogram.buckets[index], 2);
  }
});

test("of each bucket the span that ended last is told, with its ids in hex", () => {
  const histogram = new Histogram();
  const ids = String.fromCharCode(...Array.from({ length: 24 }, (_, index) => 240 + (index % 16)));
  histogram.observe({ durationNs: 5, endedMs: 10, ids });
  histogram.observe({ durationNs: 6, endedMs: 9, ids: "x".repeat(24) });
  assert.deepEqual(histogram.exemplars[0], {
    traceId: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
    spanId: "f0f1f2f3f4f5f6f7",
    durationNs: 5,
    endedMs: 10,
  });
  assert.equal(histogram.count, 2);
});
