import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@clew/protocol/traceql/testing/seeded-random";
import { timeSteps } from "@clew/protocol/traceql/time-steps";
import { type SpanDensity, slices, slicesOfPoints } from "./slices.ts";
import { type SpanTime, spanTimeOf } from "./span-time.ts";

const STRETCH = 300n;

function randomDensities(seed: number): SpanDensity[] {
  const random = seededRandom(seed);
  return Array.from({ length: 40 }, (_, at) => ({
    startNs: BigInt(39 - at) * STRETCH,
    endNs: BigInt(40 - at) * STRETCH,
    spans: random.once(3) ? random.below(5000) : random.below(50),
  })).filter(() => !random.once(4));
}

/** How many spans start in a slice when they are spread evenly. */
function spansIn({ afterNs, untilNs }: SpanTime, known: readonly SpanDensity[]): number {
  return known.reduce((sum, { startNs, endNs, spans }) => {
    const from = startNs > afterNs ? startNs : afterNs;
    const to = endNs < untilNs ? endNs : untilNs;
    return to > from ? sum + (spans * Number(to - from)) / Number(STRETCH) : sum;
  }, 0);
}

function assertGapless(cut: readonly SpanTime[], { afterNs, untilNs }: SpanTime): void {
  assert.equal(cut[0]?.untilNs, untilNs);
  assert.equal(cut.at(-1)?.afterNs, afterNs);
  for (const [at, slice] of cut.entries()) {
    assert.ok(slice.afterNs < slice.untilNs);
    if (at > 0) assert.equal(slice.untilNs, cut[at - 1]!.afterNs);
  }
}

test("slices follow one another from the newest, and none has many more spans than it may", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const known = randomDensities(seed);
    const time = { afterNs: 137n, untilNs: 40n * STRETCH - 11n };
    const most = (slice: number) => 100 * 2 ** slice;
    const cut = [...slices(time, known, most)];
    assertGapless(cut, time);
    assert.ok(cut.length > 3);
    for (const [at, slice] of cut.entries()) {
      const spans = spansIn(slice, known);
      assert.ok(spans <= 1.2 * most(at) + 20, `${seed}: ${spans} spans in slice ${at}`);
    }
  }
});

test("a time without spans is one slice", () => {
  const time = { afterNs: 0n, untilNs: 1000n };
  assert.deepEqual([...slices(time, [], () => 10)], [time]);
});

test("slices of points are cut at points, and are as few as can be", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const known = randomDensities(seed);
    const steps = timeSteps({ start: 500n, end: 40n * STRETCH, step: 70n });
    const time = spanTimeOf(steps);
    const cut = [...slicesOfPoints(steps, time, known, 3000)];
    assertGapless(cut, time);
    assert.ok(cut.length > 1 && cut.length < steps.count);
    for (const { afterNs } of cut) assert.equal((afterNs - steps.first) % steps.step, 0n);
    assert.deepEqual([...slicesOfPoints(steps, time, known, 10_000_000)], [time]);
  }
});
