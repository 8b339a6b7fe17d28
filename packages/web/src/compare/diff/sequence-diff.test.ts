import assert from "node:assert/strict";
import { test } from "node:test";
import { type Stretch, sequenceDiff } from "./sequence-diff.ts";

/** Numbers that look random and are the same each time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) * below);
  };
}

/** What the diff makes of `a`; fails where it does not fit to `a`, or to `b`. */
function applied(a: readonly number[], b: readonly number[], diff: readonly Stretch[]): number[] {
  const made: number[] = [];
  let atA = 0;
  for (const { kind, count } of diff) {
    assert.ok(count > 0);
    if (kind === "same") made.push(...a.slice(atA, atA + count));
    if (kind === "added") made.push(...b.slice(made.length, made.length + count));
    if (kind !== "added") atA += count;
  }
  assert.equal(atA, a.length);
  return made;
}

/** The length of a longest common subsequence. */
function longest(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    for (const [at, other] of b.entries()) {
      next.push(one === other ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!));
    }
    row = next;
  }
  return row[b.length]!;
}

const kept = (diff: readonly Stretch[]): number =>
  diff.reduce((sum, { kind, count }) => sum + (kind === "same" ? count : 0), 0);

test("applied to the first list a diff gives the second, and is a shortest one", () => {
  for (let seed = 1; seed <= 600; seed++) {
    const random = randomFrom(seed);
    const letters = 1 + random(8);
    const list = (): number[] => Array.from({ length: random(40) }, () => random(letters));
    const [a, b] = [list(), list()];
    const diff = sequenceDiff(a, b);
    assert.deepEqual(applied(a, b, diff), b, `seed ${seed}`);
    assert.equal(kept(diff), longest(a, b), `seed ${seed}`);
  }
});

test("lists that are edited here and there keep all else", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = randomFrom(seed);
    const a = Array.from({ length: 5000 }, () => random(400));
    const b = a.flatMap((one) => (random(100) === 0 ? [] : random(100) === 0 ? [one, random(400)] : [one]));
    const diff = sequenceDiff(a, b);
    assert.deepEqual(applied(a, b, diff), b, `seed ${seed}`);
    assert.ok(kept(diff) > 4800, `${kept(diff)} kept`);
  }
});

test("long lists that have little in common are still a way from one to the other", () => {
  const random = randomFrom(7);
  const a = Array.from({ length: 20_000 }, () => random(5000));
  const b = Array.from({ length: 30_000 }, () => random(5000));
  assert.deepEqual(applied(a, b, sequenceDiff(a, b)), b);
  const [ones, others] = [a.map((one) => 2 * one), b.map((one) => 2 * one + 1)];
  assert.deepEqual(sequenceDiff(ones, others), [
    { kind: "removed", count: 20_000 },
    { kind: "added", count: 30_000 },
  ]);
});

test("nothing differs from itself, and everything from nothing", () => {
  assert.deepEqual(sequenceDiff([], []), []);
  assert.deepEqual(sequenceDiff([1, 2], [1, 2]), [{ kind: "same", count: 2 }]);
  assert.deepEqual(sequenceDiff([1, 2], []), [{ kind: "removed", count: 2 }]);
  assert.deepEqual(sequenceDiff([], [1]), [{ kind: "added", count: 1 }]);
});
