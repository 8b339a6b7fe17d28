import assert from "node:assert/strict";
import { test } from "node:test";
import { buildTree } from "@clew/protocol/analysis/tree";
import { idleGaps } from "./idle-gaps.ts";
import { shownTree } from "./shown-tree.ts";
import { columns } from "./testing/columns.ts";
import { randomSpans, seeded } from "./testing/random-spans.ts";
import { timeScale } from "./time-scale.ts";

function gapsOf(trace: ReturnType<typeof columns>, least = 1) {
  const end = trace.start.map((at, row) => at + trace.dur[row]!);
  return idleGaps(shownTree(buildTree(trace)), { start: trace.start, end }, least);
}

test("without gaps time runs evenly, and what is outside of the window has no place", () => {
  const { part, folds } = timeScale({ from: 100, to: 200 });
  assert.deepEqual(part(120, 150), { left: 0.2, width: 0.3 });
  assert.deepEqual(part(0, 300), { left: 0, width: 1 });
  assert.equal(part(0, 99), undefined);
  assert.equal(part(201, 300), undefined);
  assert.deepEqual(folds, []);
});

test("a long gap becomes a narrow mark that says how long it is, a short one stays", () => {
  const { folds, part, ticks } = timeScale({ from: 0, to: 1000 }, [
    { from: 100, to: 900 },
    { from: 950, to: 960 },
  ]);
  assert.deepEqual(
    folds.map(({ us, width }) => [us, width]),
    [[800, 0.03]],
  );
  const [before, after] = [part(0, 100)!, part(900, 1000)!];
  assert.ok(Math.abs(before.width - 0.485) < 1e-9 && Math.abs(after.width - 0.485) < 1e-9);
  assert.ok(ticks.length >= 3 && ticks.every(({ us }) => us <= 100 || us >= 900));
});

test("a window that is all gap is shown as it is", () => {
  assert.deepEqual(timeScale({ from: 200, to: 300 }, [{ from: 0, to: 1000 }]).folds, []);
});

test("later is never further left, all of the window has a place, and shown time has one scale, whatever is folded", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const next = seeded(seed);
    const gaps = [];
    for (let at = next() * 300; at < 5000; at += next() * 900) {
      const to = at + next() * 600;
      gaps.push({ from: at, to });
      at = to;
    }
    const from = next() * 2000;
    const window = { from, to: from + 100 + next() * 4000 };
    const { part, folds } = timeScale(window, gaps);
    assert.deepEqual(
      [part(window.from, window.from)!.left, Math.round(part(window.to, window.to)!.left * 1e9) / 1e9],
      [0, 1],
    );
    let last = -1;
    for (let us = window.from; us <= window.to; us += (window.to - window.from) / 200) {
      const { left } = part(us, us)!;
      assert.ok(left >= last - 1e-12, `seed ${seed}`);
      last = left;
    }
    const foldedUs = folds.reduce((sum, { us }) => sum + us, 0);
    const perUs = (1 - folds.length * 0.03) / (window.to - window.from - foldedUs);
    for (const { from: at } of gaps) {
      const before = part(at - 1, at);
      if (before === undefined || at - 1 < window.from || at > window.to) continue;
      const isFolded = folds.some(
        ({ left, width }) => before.left + before.width > left + 1e-9 && before.left < left + width - 1e-9,
      );
      if (!isFolded) assert.ok(Math.abs(before.width - perUs) < 1e-9, `seed ${seed}`);
    }
  }
});

test("idle is what no innermost span covers, up to where any span begins or ends", () => {
  const trace = columns([
    { parent: -1, start: 0, dur: 1000 },
    { parent: 0, start: 10, dur: 90 },
    { parent: 0, start: 600, dur: 300 },
    { parent: 2, start: 700, dur: 100 },
  ]);
  assert.deepEqual(gapsOf(trace, 50), [
    { from: 100, to: 600 },
    { from: 600, to: 700 },
    { from: 800, to: 900 },
    { from: 900, to: 1000 },
  ]);
});

test("in no gap does an innermost span run, nor anything begin or end; and every such moment is in one", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const trace = randomSpans(seed, 20);
    const gaps = gapsOf(trace);
    const end = trace.start.map((at, row) => at + trace.dur[row]!);
    const isLeaf = (row: number): boolean => !trace.parent.includes(row);
    const first = Math.min(...trace.start);
    for (let us = first; us < Math.max(...end); us++) {
      const isIdle = !trace.start.some((at, row) => isLeaf(row) && at <= us && us < end[row]!);
      assert.equal(
        gaps.some(({ from, to }) => from <= us && us < to),
        isIdle,
        `seed ${seed}, ${us}`,
      );
    }
    for (const { from, to } of gaps)
      assert.ok(![...trace.start, ...end].some((edge) => edge > from && edge < to));
  }
});
