import assert from "node:assert/strict";
import { test } from "node:test";
import { buildTree } from "@clew/protocol/analysis/tree";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { ownStretches, ownTimes, sharedTimes } from "./own-times.ts";
import { shownTree } from "./shown-tree.ts";
import { columns } from "./testing/columns.ts";
import { randomSpans } from "./testing/random-spans.ts";

function timesOf(trace: TraceColumns) {
  const end = trace.start.map((at, row) => at + trace.dur[row]!);
  return { end, stretches: ownStretches(shownTree(buildTree(trace)), { start: trace.start, end }) };
}

test("a span's own time is without that of what is right below it, however much of it ran at once", () => {
  const trace = columns([
    { parent: -1, start: 0, dur: 100 },
    { parent: 0, start: 10, dur: 30 },
    { parent: 0, start: 30, dur: 30 },
    { parent: 0, start: 90, dur: 50 },
  ]);
  const { stretches } = timesOf(trace);
  assert.deepEqual([...ownTimes(stretches, trace.n)], [40, 30, 30, 50]);
});

test("what runs at once shares the time out", () => {
  const trace = columns([
    { parent: -1, start: 0, dur: 100 },
    { parent: 0, start: 0, dur: 100 },
    { parent: 0, start: 50, dur: 50 },
  ]);
  assert.deepEqual([...sharedTimes(timesOf(trace).stretches, 3)], [0, 75, 25]);
});

test("own times agree with a count by the microsecond, and shares add up to the time in which something ran", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const trace = randomSpans(seed, 25);
    const { end, stretches } = timesOf(trace);
    const expected = new Float64Array(trace.n);
    let busy = 0;
    for (let us = 0; us < trace.durMs * 1000; us++) {
      const runs = (row: number): boolean => trace.start[row]! <= us && us < end[row]!;
      const running = trace.start.flatMap((_, row) => (runs(row) ? [row] : []));
      if (running.length > 0) busy++;
      for (const row of running) if (!running.some((other) => trace.parent[other] === row)) expected[row]!++;
    }
    assert.deepEqual([...ownTimes(stretches, trace.n)], [...expected], `seed ${seed}`);
    const shared = sharedTimes(stretches, trace.n);
    assert.ok(Math.abs(shared.reduce((sum, one) => sum + one, 0) - busy) < 1e-6, `seed ${seed}`);
    for (let row = 0; row < trace.n; row++) assert.ok(shared[row]! <= expected[row]! + 1e-6);
  }
});
