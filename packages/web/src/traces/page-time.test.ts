import assert from "node:assert/strict";
import { test } from "node:test";
import { timeOfPage } from "./page-time.ts";

const AT_MS = Date.UTC(2026, 10, 21, 9, 0, 30);

test("a page's time holds all its traces, and begins and ends at whole steps", () => {
  for (const length of [0, 1, 999, 59_000, 3_600_000, 90 * 86_400_000]) {
    const time = timeOfPage([{ startMs: AT_MS + length }, { startMs: AT_MS }], 1000);
    assert.ok(time && time.from <= AT_MS && time.to > AT_MS + length);
    assert.ok(time.to - time.from <= Math.max(2000, length * 1.1), `${length}`);
  }
});

test("one more trace within the step leaves it as it is", () => {
  const before = timeOfPage([{ startMs: AT_MS }, { startMs: AT_MS + 1_700_000 }], 1000);
  assert.deepEqual(timeOfPage([{ startMs: AT_MS }, { startMs: AT_MS + 1_700_001 }], 1000), before);
});

test("a page of a moment has the time of the least step", () => {
  assert.deepEqual(timeOfPage([{ startMs: AT_MS }], 60_000), { from: AT_MS - 30_000, to: AT_MS + 30_000 });
});

test("an empty page has no time", () => assert.equal(timeOfPage([], 1000), undefined));
