import assert from "node:assert/strict";
import { test } from "node:test";
import { SPAN_FLAG, type TraceColumns } from "../api/trace-columns.ts";
import { analyseTrace } from "./analyse-trace.ts";
import type { TraceAnalysis } from "./analysis.ts";
import { Random } from "./testing/random.ts";
import { junkTrace, randomTrace } from "./testing/random-trace.ts";

const TRACES = 300;

/** The same for each of many traces; a failure names the seed. */
function forTraces(check: (trace: TraceColumns, analysis: TraceAnalysis) => void): void {
  for (let seed = 1; seed <= TRACES; seed++) {
    const random = new Random(seed);
    const make = seed % 3 === 0 ? junkTrace : randomTrace;
    const trace = make(random, random.below(60));
    try {
      check(trace, analyseTrace(trace));
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
}

function assertNear(actual: number, expected: number, what: string): void {
  const tolerance = 1e-9 * Math.max(1, Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} instead of ${expected}`);
}

test("the tree has every span once, parents before children", () => {
  forTraces((trace, { tree }) => {
    assert.deepEqual(
      [...tree.order].sort((a, b) => a - b),
      [...Array(trace.n).keys()],
    );
    assert.deepEqual(
      [...tree.childRows].sort((a, b) => a - b),
      [...Array(trace.n).keys()],
    );
    const place = new Map([...tree.order].map((row, at) => [row, at]));
    for (let row = 0; row < trace.n; row++) {
      const parent = tree.parent[row]!;
      if (parent >= 0) assert.ok(place.get(parent)! < place.get(row)!);
    }
    assert.equal(
      tree.roots.length + tree.orphans.length + tree.rings.length,
      [...tree.parent].filter((at) => at < 0).length,
    );
  });
});

test("no duration changes, and no span begins before its caller in another service where clocks were corrected", () => {
  forTraces((trace, { clock, tree }) => {
    for (let row = 0; row < trace.n; row++) {
      assert.ok(clock.end[row]! >= clock.start[row]!);
      if (((trace.flags[row] ?? 0) & SPAN_FLAG.running) !== 0) continue;
      const sent = Number.isFinite(trace.dur[row]) ? Math.max(0, trace.dur[row]!) : 0;
      assertNear(clock.end[row]! - clock.start[row]!, sent, "duration");
      const parent = tree.parent[row]!;
      if (parent < 0 || trace.service[parent] === trace.service[row]) continue;
      assert.ok(clock.start[row]! >= clock.start[parent]! - 2000.001);
    }
  });
});

test("the critical path goes without a gap from the first start to the last end", () => {
  forTraces((_, { clock, criticalPath }) => {
    const { count, fromUs, toUs, totals } = criticalPath;
    const sum = Object.values(totals).reduce((all, us) => all + us, 0);
    assertNear(sum, clock.toUs - clock.fromUs, "sum");
    for (let at = 0; at < count; at++) {
      assert.ok(fromUs[at]! < toUs[at]!);
      assert.equal(fromUs[at], at === 0 ? clock.fromUs : toUs[at - 1]);
    }
    if (count > 0) assert.equal(toUs[count - 1], clock.toUs);
  });
});

test("a segment of the critical path that is somebody's lies within that span", () => {
  forTraces((_, { clock, criticalPath: { count, span, fromUs, toUs, kind } }) => {
    for (let at = 0; at < count; at++) {
      if (kind[at]! > 3) continue;
      assert.ok(fromUs[at]! >= clock.start[span[at]!]! - 1e-6);
      assert.ok(toUs[at]! <= clock.end[span[at]!]! + 1e-6);
    }
  });
});

test("every span is in one lane, and what is in a lane does not overlap but for a millisecond", () => {
  forTraces((trace, { lanes, clock }) => {
    assert.equal(lanes.laneOf.length, trace.n);
    for (const lane of lanes.laneOf) assert.ok(lanes.lanes[lane] !== undefined);
    assert.equal(
      lanes.lanes.reduce((sum, lane) => sum + lane.spans, 0),
      trace.n,
    );
    const ends = new Map<number, number>();
    const { entry, end, count } = lanes.runs;
    const runs = [...Array(count).keys()].sort(
      (a, b) => clock.start[entry[a]!]! - clock.start[entry[b]!]! || a - b,
    );
    for (const run of runs) {
      const lane = lanes.laneOf[entry[run]!]!;
      assert.ok(clock.start[entry[run]!]! >= (ends.get(lane) ?? Number.NEGATIVE_INFINITY) - 1000);
      ends.set(lane, Math.max(ends.get(lane) ?? Number.NEGATIVE_INFINITY, end[run]!));
    }
  });
});

test("what a lane waited for adds up to how long its runs took", () => {
  forTraces((_, { lanes, waits, clock }) => {
    const expected = lanes.lanes.map(() => 0);
    const { entry, end, count } = lanes.runs;
    for (let run = 0; run < count; run++) {
      expected[lanes.laneOf[entry[run]!]!]! += end[run]! - clock.start[entry[run]!]!;
    }
    const sums = lanes.lanes.map(() => 0);
    for (const { lane, us } of waits) sums[lane]! += us;
    for (const [lane, sum] of sums.entries()) assertNear(sum, expected[lane]!, `lane ${lane}`);
  });
});

test("roll-ups are what a sum over everything below says", () => {
  forTraces((trace, { tree, rollUps }) => {
    const naive = (row: number, value: (at: number) => number): number => {
      let sum = 0;
      for (let at = 0; at < trace.n; at++) {
        for (let up = at; up >= 0; up = tree.parent[up]!) if (up === row) sum += value(at);
      }
      return sum;
    };
    const number = (value: number | undefined): number => (Number.isFinite(value) ? value! : 0);
    const isCounted = (at: number): boolean =>
      (trace.flags[at]! & SPAN_FLAG.counted) !== 0 && (trace.flags[at]! & SPAN_FLAG.running) === 0;
    for (let row = 0; row < trace.n; row++) {
      assert.equal(
        tree.size[row],
        naive(row, () => 1),
      );
      assert.equal(
        rollUps.errors[row],
        naive(row, (at) => (trace.status[at] === 2 ? 1 : 0)),
      );
      const input = naive(row, (at) => (isCounted(at) ? number(trace.tokIn[at]) : 0));
      assertNear(rollUps.inputTokens[row]!, input, "input");
      const cost = naive(row, (at) => (isCounted(at) ? number(trace.costMicro[at]) : 0));
      assertNear(rollUps.costMicro[row]!, cost, "cost");
    }
    for (const parts of [rollUps.byAgent, rollUps.byService]) {
      const all = [...parts.values()];
      assert.equal(
        all.reduce((sum, { spans }) => sum + spans, 0),
        trace.n,
      );
      assert.equal(
        all.reduce((sum, { errors }) => sum + errors, 0),
        rollUps.whole.errors,
      );
      assertNear(
        all.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
        rollUps.whole.inputTokens,
        "whole",
      );
    }
  });
});

test("edges go from one lane to another and never back in time", () => {
  forTraces((_, { edges, lanes }) => {
    for (const { fromLane, toLane, sentUs, startedUs, queueUs } of edges) {
      assert.notEqual(fromLane, toLane);
      assert.ok(lanes.lanes[fromLane] && lanes.lanes[toLane]);
      assert.ok(queueUs >= 0);
      assertNear(startedUs - sentUs, queueUs, "queue");
    }
  });
});

test("findings are about spans of the trace and say so in a sentence", () => {
  let count = 0;
  forTraces((trace, { findings }) => {
    for (const { spans, text } of findings) {
      count++;
      assert.ok(spans.length > 0 && text.length > 10);
      assert.equal(new Set(spans).size, spans.length);
      for (const row of spans) assert.ok(row >= 0 && row < trace.n);
    }
  });
  assert.ok(count > 100);
});

test("the same trace is explained in the same way", () => {
  const make = () => analyseTrace(randomTrace(new Random(7), 200));
  assert.deepEqual(make(), make());
});
