import assert from "node:assert/strict";
import { test } from "node:test";
import { RecentChanges } from "./recent-changes.ts";

function added(recent: RecentChanges, ...keys: string[]): number {
  const seq = recent.next();
  recent.add(keys, seq);
  return seq;
}

test("changes after a number are told in the order of their last change", () => {
  const recent = new RecentChanges(10);
  const start = recent.seq;
  added(recent, "a", "b");
  const second = added(recent, "c");
  added(recent, "a");
  assert.deepEqual(recent.since(start), ["b", "c", "a"]);
  assert.deepEqual(recent.since(second), ["a"]);
  assert.deepEqual(recent.since(recent.seq), []);
});

test("of more than are kept the oldest are forgotten, and who asks for them is told so", () => {
  const recent = new RecentChanges(2);
  const first = added(recent, "a");
  const second = added(recent, "b", "c");
  assert.deepEqual(recent.since(first), ["b", "c"]);
  added(recent, "d");
  assert.equal(recent.since(first), undefined);
  assert.deepEqual(recent.since(second), ["d"]);
});

test("numbers that were never given out, or come from before it forgot, lead nowhere", () => {
  const recent = new RecentChanges(2);
  const first = added(recent, "a");
  for (const seq of [Number.NaN, first + 1, -1]) assert.equal(recent.since(seq), undefined);
  recent.clear();
  assert.equal(recent.since(first), undefined);
  assert.deepEqual(recent.since(recent.seq), []);
});
