import assert from "node:assert/strict";
import { test } from "node:test";
import { timeTicks, valueTicks } from "./axis.ts";

const HOUR_MS = 3_600_000;
/** 21 November 2026, 09:00:30 UTC. */
const NINE_MS = Date.UTC(2026, 10, 21, 9, 0, 30);

test("moments are round, between the ends, and not more than asked for", () => {
  for (const length of [5000, 60_000, HOUR_MS, 24 * HOUR_MS, 30 * 24 * HOUR_MS, 2000 * 24 * HOUR_MS]) {
    const ticks = timeTicks(NINE_MS, NINE_MS + length, 6);
    assert.ok(ticks.length >= 2 && ticks.length <= 7, `${ticks.length} for ${length}`);
    for (const { value } of ticks) assert.ok(value >= NINE_MS && value <= NINE_MS + length);
  }
  const [first, second] = timeTicks(NINE_MS, NINE_MS + HOUR_MS, 6);
  assert.equal((first!.value / 60_000) % 10, 0);
  assert.equal(second!.value - first!.value, 600_000);
});

test("no time has no moments", () => {
  assert.deepEqual(timeTicks(5, 5, 6), []);
  assert.deepEqual(timeTicks(0, 10, 0), []);
});

test("values reach from below the least to above the most in round steps", () => {
  assert.deepEqual(valueTicks(0, 9, 3), [0, 5, 10]);
  assert.deepEqual(valueTicks(0, 0.03, 3), [0, 0.01, 0.02, 0.03]);
  assert.deepEqual(valueTicks(-3, 4, 3), [-5, 0, 5]);
  assert.deepEqual(valueTicks(0, 0, 3), [0, 0.5, 1]);
  assert.deepEqual(valueTicks(7, 7, 2), [0, 5, 10]);
  assert.deepEqual(valueTicks(0, Number.POSITIVE_INFINITY, 3), [0]);
});
