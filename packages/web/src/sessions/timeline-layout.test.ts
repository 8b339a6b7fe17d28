import assert from "node:assert/strict";
import { test } from "node:test";
import { layOut } from "./timeline-layout.ts";

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const T0 = 1_790_000_000_000;

const trace = (startS: number, durS: number) => ({ startMs: T0 + startS * SECOND, durMs: durS * SECOND });

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

test("short gaps are to scale", () => {
  const { bars, pauses, busyMs } = layOut([trace(0, 6), trace(8, 2)]);
  assert.deepEqual(pauses, []);
  assert.equal(busyMs, 8 * SECOND);
  near(bars[0]!.width, 0.6);
  near(bars[1]!.left, 0.8);
  near(bars[1]!.width, 0.2);
});

test("a pause longer than all work is folded, and says how long it was and which trace ended it", () => {
  const { bars, pauses } = layOut([trace(0, 10), trace(10 + HOUR / SECOND, 10)]);
  assert.deepEqual(
    pauses.map(({ ms, before }) => [ms, before]),
    [[HOUR, 1]],
  );
  near(pauses[0]!.left, bars[0]!.width);
  near(bars[1]!.left, pauses[0]!.left + pauses[0]!.width);
  near(bars[1]!.left + bars[1]!.width, 1);
});

test("pauses of one length are drawn alike, and leave most of the width to the traces", () => {
  const { bars, pauses } = layOut(Array.from({ length: 30 }, (_, turn) => trace(turn * 70, 10)));
  assert.equal(pauses.length, 29);
  near(
    pauses.reduce((sum, { width }) => sum + width, 0),
    0.4,
  );
  near(
    bars.reduce((sum, { width }) => sum + width, 0),
    0.6,
  );
});

test("traces at once are below each other, and rows are used again", () => {
  const { bars, rows } = layOut([trace(0, 10), trace(2, 4), trace(7, 9), trace(11, 1)]);
  assert.deepEqual(
    bars.map(({ row }) => row),
    [0, 1, 1, 0],
  );
  assert.equal(rows, 2);
});

test("a thousand traces at once share eight rows", () => {
  const { bars, rows } = layOut(Array.from({ length: 1000 }, (_, at) => trace(at / 1000, 60)));
  assert.equal(rows, 8);
  assert.equal(bars.length, 1000);
});

test("the order of the traces does not matter, nor that they took no time", () => {
  const { bars, pauses } = layOut([trace(500, 0), trace(0, 0), trace(500, 0)]);
  assert.equal(pauses.length, 1);
  near(bars[1]!.left, 0);
  assert.ok(bars[0]!.left > 0.5);
  assert.deepEqual([bars[0]!.row, bars[2]!.row], [0, 1]);
  for (const { left, width } of bars) assert.ok(left >= 0 && width > 0 && left + width <= 1 + 1e-9);
});

test("no trace is no bar", () => {
  assert.deepEqual(layOut([]), { bars: [], rows: 0, pauses: [], busyMs: 0 });
});
