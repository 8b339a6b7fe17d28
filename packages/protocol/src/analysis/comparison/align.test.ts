import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../testing/random.ts";
import { align } from "./align.ts";

function pairs(a: string, b: string): string {
  const codes = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
  const match = align(codes(a), codes(b));
  return [...a].map((letter, at) => (match[at] === -1 ? "-" : letter)).join("");
}

test("what is in both is paired, in order", () => {
  assert.equal(pairs("abcde", "abcde"), "abcde");
  assert.equal(pairs("abcde", "abxde"), "ab-de");
  assert.equal(pairs("abc", ""), "---");
  assert.equal(pairs("abcabc", "abc"), "abc---");
  assert.equal(pairs("xabc", "abc"), "-abc");
  assert.equal(pairs("ab", "ba").replaceAll("-", "").length, 1);
});

/** The length of a longest common subsequence. */
function longest(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    for (const [j, other] of b.entries()) {
      next.push(one === other ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!));
    }
    row = next;
  }
  return row[b.length]!;
}

function checked(a: readonly number[], b: readonly number[]): number {
  const match = [...align(a, b)];
  const used = match.filter((at) => at !== -1);
  assert.deepEqual(
    used,
    [...new Set(used)].sort((one, other) => one - other),
  );
  for (const [at, to] of match.entries()) if (to !== -1) assert.equal(a[at], b[to]);
  return used.length;
}

test("of lists that are alike, and of short ones, as many are paired as can be", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed);
    const list = (): number[] => Array.from({ length: random.below(40) }, () => random.below(5));
    const [a, b] = [list(), list()];
    assert.equal(checked(a, b), longest(a, b), `seed ${seed}`);
  }
});

test("of long lists that are alike nearly all are paired, of others what rises together", () => {
  const random = new Random(3);
  const a = Array.from({ length: 20_000 }, (_, at) => at % 7);
  const b = a.filter(() => !random.chance(0.01));
  b.splice(10_000, 0, ...Array.from({ length: 30 }, () => 99));
  assert.equal(checked(a, b), b.length - 30);
  const unique = Array.from({ length: 20_000 }, (_, at) => at);
  const half = unique.filter((at) => at % 2 !== 0);
  assert.equal(checked(unique, half), 10_000);
});
