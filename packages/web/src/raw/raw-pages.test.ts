import assert from "node:assert/strict";
import { test } from "node:test";
import { seeded } from "../trace/testing/random-spans.ts";
import { pageOf, rawPages } from "./raw-pages.ts";

const T0 = 1_790_000_000_000_000_123n;

test("every span is in one page, by its row and by its time, however many start together", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const next = seeded(seed);
    const start = Array.from({ length: Math.floor(next() * 80) }, () => Math.floor(next() * 30_000) / 1000);
    start.sort((a, b) => a - b);
    const pages = rawPages({ n: start.length, start, t0Nanos: String(T0) }, 7);
    let first = 0;
    for (const page of pages) {
      assert.equal(page.first, first);
      first += page.count;
    }
    assert.equal(first, start.length);
    for (const [row, at] of start.entries()) {
      const nanos = T0 + BigInt(Math.round(at * 1000));
      const having = pages.filter(({ from, to }) => BigInt(from) <= nanos && nanos < BigInt(to));
      assert.deepEqual(having, [pages[pageOf(pages, row)]], `seed ${seed}, row ${row}`);
    }
  }
});

test("a trace that fits is one page", () => {
  assert.deepEqual(rawPages({ n: 2, start: [0, 1.5], t0Nanos: "1000" }, 50), [
    { first: 0, count: 2, from: "0000000000000001000", to: "0000000000000002501" },
  ]);
  assert.deepEqual(rawPages({ n: 0, start: [], t0Nanos: "1000" }, 50), []);
});
