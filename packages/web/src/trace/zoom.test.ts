import assert from "node:assert/strict";
import { test } from "node:test";
import { seeded } from "./testing/random-spans.ts";
import { panned, zoomedAround, zoomedAt } from "./zoom.ts";

const WHOLE = { from: 0, to: 1_000_000 };

test("a window that is moved keeps its length and stays within the trace", () => {
  const window = { from: 100_000, to: 300_000 };
  assert.deepEqual(panned(window, 0.5, WHOLE), { from: 200_000, to: 400_000 });
  assert.deepEqual(panned(window, -3, WHOLE), { from: 0, to: 200_000 });
  assert.deepEqual(panned(window, 9, WHOLE), { from: 800_000, to: 1_000_000 });
  assert.deepEqual(panned(WHOLE, 0.3, WHOLE), WHOLE);
});

test("what the pointer is at stays where it is while there is room", () => {
  assert.deepEqual(zoomedAt({ from: 400_000, to: 600_000 }, 0.25, 0.5, WHOLE), {
    from: 425_000,
    to: 525_000,
  });
});

test("however it is zoomed and moved, a window lies within the trace and is never empty", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const next = seeded(seed);
    let window = WHOLE;
    for (let step = 0; step < 60; step++) {
      const by = next();
      window =
        by < 0.4
          ? zoomedAt(window, next(), 0.1 + 2 * next(), WHOLE)
          : by < 0.7
            ? panned(window, 4 * next() - 2, WHOLE)
            : zoomedAround(window, 0.1 + 3 * next(), WHOLE);
      assert.ok(window.from >= 0 && window.to <= WHOLE.to && window.to > window.from, `seed ${seed}`);
    }
  }
});
