import assert from "node:assert/strict";
import { test } from "node:test";
import { RunningSpans } from "./running-spans.ts";

test("a span is handed out once, when it has been open for 2 to 3 s", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const told: string[] = [];
  const running = new RunningSpans<string>((span) => told.push(span));
  running.started("long");
  t.mock.timers.tick(500);
  running.started("short");
  t.mock.timers.tick(1400);
  running.ended("short");
  assert.deepEqual(told, []);
  t.mock.timers.tick(1100);
  assert.deepEqual(told, ["long"]);
  t.mock.timers.tick(10_000);
  running.announceAll();
  assert.deepEqual(told, ["long"]);
});

test("everything open is handed out at once when the process ends", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const told: string[] = [];
  const running = new RunningSpans<string>((span) => told.push(span));
  running.started("older");
  t.mock.timers.tick(1000);
  running.started("newer");
  running.started("ended");
  running.ended("ended");
  running.announceAll();
  assert.deepEqual(told, ["older", "newer"]);
});
