import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@clew/protocol/traceql/testing/seeded-random";
import { TookHistogram } from "./took-histogram.ts";

test("quantiles are within 1 % of the length with that rank", () => {
  const random = seededRandom(7);
  for (const count of [1, 2, 3, 10, 1000, 20_000]) {
    const histogram = new TookHistogram();
    const lengths = Array.from(
      { length: count },
      () => 10 ** (random.below(12) - 3) * (1 + random.below(1000) / 100),
    );
    for (const us of lengths) histogram.add(us);
    lengths.sort((a, b) => a - b);
    for (const share of [0.01, 0.5, 0.95, 1]) {
      const exact = lengths[Math.max(0, Math.ceil(share * count) - 1)]! / 1000;
      const told = histogram.quantileMs(share)!;
      assert.ok(
        Math.abs(told - exact) <= 0.0101 * exact + 1e-6,
        `${share} of ${count}: ${told}, not ${exact}`,
      );
    }
  }
});

test("a single length is exact, no length has no quantile, and none takes no time", () => {
  const histogram = new TookHistogram();
  assert.equal(histogram.quantileMs(0.5), null);
  histogram.add(0);
  assert.equal(histogram.quantileMs(0.95), 0);
  const one = new TookHistogram();
  one.add(1234.567);
  assert.deepEqual([one.quantileMs(0.5), one.quantileMs(0.95)], [1.234567, 1.234567]);
});
