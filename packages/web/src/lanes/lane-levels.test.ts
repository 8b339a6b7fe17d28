import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { fleetTrace } from "@clew/protocol/analysis/fleet-trace";
import { columns } from "../trace/testing/columns.ts";
import { laneLevels, MOST_LEVELS } from "./lane-levels.ts";

/** An agent with two calls one after the other, and one beside the second. */
const trace = columns([
  { parent: -1, dur: 100_000, type: "agent" },
  { parent: 0, start: 10_000, dur: 20_000, type: "llm" },
  { parent: 0, start: 40_000, dur: 30_000, type: "tool" },
  { parent: 0, start: 50_000, dur: 30_000, type: "tool" },
  { parent: 1, start: 11_000, dur: 10_000 },
]);

test("a span is below the one it belongs to, and beside nothing that goes on", () => {
  const { levelOf, levels, rows } = laneLevels(analyseTrace(trace));
  assert.deepEqual([...levelOf], [0, 1, 1, 2, 2]);
  assert.deepEqual([...levels], [3]);
  assert.deepEqual([...rows], [0, 1, 4, 2, 3]);
});

test("what is left out takes no line, and what is below it moves up", () => {
  const { levelOf, levels, rows } = laneLevels(analyseTrace(trace), Uint8Array.of(0, 1, 0, 0, 0));
  assert.equal(levelOf[4], 1);
  assert.deepEqual([...levels], [3]);
  assert.deepEqual([...rows], [0, 4, 2, 3]);
});

test("no more lines than there is room for, however deep a lane is", () => {
  const deep = columns(Array.from({ length: 40 }, (_, at) => ({ parent: at - 1, start: at, dur: 100 - at })));
  const { levels, levelOf } = laneLevels(analyseTrace(deep));
  assert.deepEqual([...levels], [MOST_LEVELS]);
  assert.equal(levelOf[39], MOST_LEVELS - 1);
});

test("no bar covers another one above the last line", () => {
  const fleet = fleetTrace(3000);
  const analysis = analyseTrace(fleet);
  const { rows, levelOf, laneStart } = laneLevels(analysis);
  assert.equal(rows.length, fleet.n);
  for (let lane = 0; lane < analysis.lanes.lanes.length; lane++) {
    const ends = new Float64Array(MOST_LEVELS).fill(Number.NEGATIVE_INFINITY);
    for (const row of rows.subarray(laneStart[lane], laneStart[lane + 1])) {
      const level = levelOf[row]!;
      if (level === MOST_LEVELS - 1) continue;
      assert.ok(ends[level]! <= analysis.clock.start[row]! + 1000, `row ${row}`);
      ends[level] = analysis.clock.end[row]!;
    }
  }
});
