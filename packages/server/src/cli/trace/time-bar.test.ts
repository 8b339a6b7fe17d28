import assert from "node:assert/strict";
import { test } from "node:test";
import { ticks, timeBar } from "./time-bar.ts";

const bar = (from: number, to: number, width = 8, unicode = true): string =>
  timeBar([{ from, to }], width, unicode);

test("a bar covers its share of the axis", () => {
  assert.equal(bar(0, 1), "████████");
  assert.equal(bar(0.25, 0.5), "  ██    ");
});

test("the end of a bar is precise to an eighth of a cell", () => {
  for (const [eighths, last] of [..." ▏▎▍▌▋▊▉█"].entries()) {
    assert.equal(bar(0, (8 + eighths) / 64), `█${last}      `);
  }
});

test("a bar that begins within a cell begins with the nearest half or eighth", () => {
  assert.equal(bar(4 / 64, 1), "▐███████");
  assert.equal(bar(7 / 64, 1), "▕███████");
  assert.equal(bar(1 / 64, 1), "████████");
});

test("a moment too short to draw is a hair where it happened", () => {
  assert.equal(bar(0, 0), "▏       ");
  assert.equal(bar(0.5 / 8, 0.5 / 8), "│       ");
  assert.equal(bar(1, 1), "       ▕");
});

test("stretches share one axis, and one outside of it is drawn at its edge", () => {
  assert.equal(
    timeBar(
      [
        { from: 0, to: 0.25 },
        { from: 0.75, to: 1 },
      ],
      8,
      true,
    ),
    "██    ██",
  );
  assert.equal(bar(-1, 2), "████████");
  assert.equal(bar(2, 3), "       ▕");
});

test("without Unicode bars are hashes and moments are lines", () => {
  assert.equal(bar(0.25, 0.5, 8, false), "  ##    ");
  assert.equal(bar(0.5, 0.5, 8, false), "    |   ");
});

test("ticks are round, far enough apart and inside the axis", () => {
  assert.deepEqual(
    ticks(41_200, 60).map(({ ms }) => ms),
    [0, 10_000, 20_000, 30_000, 40_000],
  );
  assert.deepEqual(ticks(0, 60), []);
  for (const { cell } of ticks(3, 33)) assert.ok(cell >= 0 && cell < 33);
});
