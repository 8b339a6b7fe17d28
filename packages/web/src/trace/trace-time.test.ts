import assert from "node:assert/strict";
import { test } from "node:test";
import { columns } from "./testing/columns.ts";
import { endOf, isGrowing, printWindow, readWindow, ticksOf, wholeWindow } from "./trace-time.ts";

const MINUTE_MS = 60_000;
const T0_MS = 1_000_000_000;

const ended = columns(
  [
    { parent: -1, start: 0, dur: 1000 },
    { parent: 0, start: 250, dur: 500 },
    { parent: 0, start: 900, dur: -50 },
  ],
  1,
);
const open = columns(
  [
    { parent: -1, start: 0, running: true },
    { parent: 0, start: 100, dur: 200 },
  ],
  0.3,
);

test("the whole of a trace is as long as the trace", () => {
  const whole = wholeWindow(ended, T0_MS);
  assert.deepEqual(whole, { from: 0, to: 1000 });
});

test("a span that ends before it starts has no length", () => {
  const whole = wholeWindow(ended, T0_MS);
  assert.equal(endOf(ended, 2, whole), 900);
});

test("a span that is running reaches to now, for as long as it may be running", () => {
  const whole = wholeWindow(open, T0_MS + 5000);
  assert.deepEqual(whole, { from: 0, to: 5_000_000 });
  assert.equal(endOf(open, 0, whole), 5_000_000);
  assert.equal(endOf(open, 1, whole), 300);
  assert.equal(isGrowing(open, T0_MS + 14 * MINUTE_MS), true);
  assert.equal(isGrowing(open, T0_MS + 16 * MINUTE_MS), false);
  assert.deepEqual(wholeWindow(open, T0_MS + 16 * MINUTE_MS), { from: 0, to: 300 });
  assert.equal(isGrowing(ended, T0_MS), false);
});

test("a trace without length still has a window", () => {
  assert.deepEqual(wholeWindow(columns([{ parent: -1 }]), T0_MS), { from: 0, to: 1 });
});

test("ticks are round and few", () => {
  assert.deepEqual(ticksOf({ from: 0, to: 963 }, 5), [0, 200, 400, 600, 800]);
  assert.deepEqual(ticksOf({ from: 250, to: 1250 }, 5), [400, 600, 800, 1000, 1200]);
  assert.deepEqual(ticksOf({ from: 0, to: 1 }, 5).length, 6);
});

test("a zoom survives its way through the address, and nonsense is the whole", () => {
  const whole = { from: 0, to: 1000 };
  const window = { from: 100, to: 400 };
  assert.deepEqual(readWindow(printWindow(window, whole) ?? "", whole), window);
  assert.equal(printWindow(whole, whole), undefined);
  for (const text of [null, "", "5", "400-100", "1e3-2e3", "-5-7", "2000-3000"]) {
    assert.equal(readWindow(text, whole), whole, String(text));
  }
  assert.deepEqual(readWindow("900-5000", whole), { from: 900, to: 1000 });
});
