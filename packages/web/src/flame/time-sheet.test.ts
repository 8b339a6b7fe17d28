import assert from "node:assert/strict";
import { test } from "node:test";
import { fleetTrace } from "@clew/protocol/analysis/fleet-trace";
import { buildTree } from "@clew/protocol/analysis/tree";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { shownTree } from "../trace/shown-tree.ts";
import { columns } from "../trace/testing/columns.ts";
import { randomSpans, seeded } from "../trace/testing/random-spans.ts";
import { barUnder, firstReaching, stepFrom } from "./flame-sheet.ts";
import { timeSheet } from "./time-sheet.ts";

function timesOf({ start, dur }: TraceColumns) {
  return { start, end: start.map((at, row) => at + Math.max(0, dur[row]!)) };
}

function sheetOf(trace: TraceColumns, leftOut?: Uint8Array) {
  const tree = shownTree(buildTree(trace), leftOut);
  return { tree, sheet: timeSheet(tree, timesOf(trace)) };
}

test("what runs at once lies below each other, what runs in turn beside each other", () => {
  const { sheet } = sheetOf(
    columns([
      { parent: -1, start: 0, dur: 100 },
      { parent: 0, start: 0, dur: 50 },
      { parent: 1, start: 10, dur: 10 },
      { parent: 0, start: 40, dur: 20 },
      { parent: 0, start: 60, dur: 30 },
    ]),
  );
  assert.deepEqual([...sheet.levelOf], [0, 1, 2, 3, 1]);
});

test("no bar of a level covers another, every span is below its parent and keeps its times, in any trace", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const trace = randomSpans(seed);
    const next = seeded(seed);
    const leftOut =
      seed % 3 === 0 ? Uint8Array.from({ length: trace.n }, () => (next() < 0.3 ? 1 : 0)) : undefined;
    const { tree, sheet } = sheetOf(trace, leftOut);
    assert.deepEqual([...sheet.bars].sort(), [...tree.order].sort(), `seed ${seed}`);
    for (const row of tree.order) {
      const above = tree.parent[row]!;
      assert.ok(above < 0 || sheet.levelOf[row]! > sheet.levelOf[above]!, `seed ${seed}, row ${row}`);
      assert.equal(sheet.to[row]! - sheet.from[row]!, trace.dur[row]);
    }
    for (let level = 0; level < sheet.levels; level++) {
      const bars = sheet.bars.subarray(sheet.levelStart[level]!, sheet.levelStart[level + 1]!);
      assert.ok(bars.length > 0, `seed ${seed}: level ${level} is not empty`);
      for (let at = 1; at < bars.length; at++)
        assert.ok(sheet.from[bars[at]!]! >= sheet.to[bars[at - 1]!]!, `seed ${seed}, level ${level}`);
    }
  }
});

test("between a bar and a bar below it within its time is nothing of anybody else's", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const { tree, sheet } = sheetOf(randomSpans(seed, 30));
    const isWithin = (row: number, above: number): boolean => {
      for (let at = row; at >= 0; at = tree.parent[at]!) if (at === above) return true;
      return false;
    };
    for (const row of tree.order) {
      const above = tree.parent[row]!;
      if (above < 0) continue;
      for (const other of tree.order) {
        const isBetween =
          sheet.levelOf[other]! > sheet.levelOf[above]! &&
          sheet.levelOf[other]! < sheet.levelOf[row]! &&
          sheet.from[other]! < sheet.to[row]! &&
          sheet.to[other]! > sheet.from[row]!;
        assert.ok(!isBetween || isWithin(other, above), `seed ${seed}: ${other} between ${above} and ${row}`);
      }
    }
  }
});

test("50,000 spans that all run at once get a level each", () => {
  const at = Array.from({ length: 50_000 }, (_, row) => row);
  const { sheet } = sheetOf(columns(at.map((row) => ({ parent: row === 0 ? -1 : 0, start: row, dur: 1e6 }))));
  assert.equal(sheet.levels, 50_000);
});

test("whoever points at the middle of a bar gets it, and the first that reaches a place is the first", () => {
  const { sheet } = sheetOf(fleetTrace(500));
  for (const bar of sheet.bars) {
    const middle = (sheet.from[bar]! + sheet.to[bar]!) / 2;
    assert.equal(barUnder(sheet, sheet.levelOf[bar]!, middle, 0), bar);
  }
  assert.equal(barUnder(sheet, sheet.levels, 0, 0), -1);
  const naive = (level: number, x: number): number => {
    let at = sheet.levelStart[level]!;
    while (at < sheet.levelStart[level + 1]! && sheet.to[sheet.bars[at]!]! < x) at++;
    return at;
  };
  for (let x = -1; x < sheet.whole.to; x += sheet.whole.to / 97)
    for (let level = 0; level < sheet.levels; level++)
      assert.equal(firstReaching(sheet, level, x), naive(level, x));
});

test("steps lead to the bar above, the first below and the siblings, and stay where there is none", () => {
  const { sheet } = sheetOf(
    columns([
      { parent: -1, start: 0, dur: 100 },
      { parent: 0, start: 0, dur: 50 },
      { parent: 0, start: 40, dur: 20 },
      { parent: 0, start: 60, dur: 30 },
    ]),
  );
  assert.equal(stepFrom(sheet, 0, "down"), 1);
  assert.equal(stepFrom(sheet, 1, "right"), 2);
  assert.equal(stepFrom(sheet, 2, "right"), 3);
  assert.equal(stepFrom(sheet, 3, "right"), 3);
  assert.equal(stepFrom(sheet, 3, "left"), 2);
  assert.equal(stepFrom(sheet, 3, "first"), 1);
  assert.equal(stepFrom(sheet, 1, "last"), 3);
  assert.equal(stepFrom(sheet, 2, "up"), 0);
  assert.equal(stepFrom(sheet, 0, "up"), 0);
  assert.equal(stepFrom(sheet, 2, "down"), 2);
});
