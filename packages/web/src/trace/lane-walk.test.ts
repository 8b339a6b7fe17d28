import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { nextInLane, spanAt } from "./lane-walk.ts";
import { columns } from "./testing/columns.ts";

/** Two agents: 0 with 1 and 3, and 2 with 4. */
const sketch = columns([
  { parent: -1, dur: 100 },
  { parent: 0, start: 10, dur: 20 },
  { parent: 0, start: 40, dur: 50 },
  { parent: 0, start: 95, dur: 5 },
  { parent: 2, start: 50, dur: 20 },
]);
const trace = { ...sketch, agent: [1, 1, 2, 1, 2], dict: { ...sketch.dict, agent: ["", "a", "b"] } };
const analysis = analyseTrace(trace);
const laneOfB = analysis.lanes.laneOf[2]!;
const all = (): boolean => false;

test("what a lane does next is not what another does meanwhile", () => {
  assert.equal(nextInLane(analysis, 1, 1, all), 3);
  assert.equal(nextInLane(analysis, 3, -1, all), 1);
  assert.equal(nextInLane(analysis, 3, 1, all), undefined);
  assert.equal(nextInLane(analysis, 2, -1, all), undefined);
});

test("spans that are left out are passed by, also from one of them", () => {
  const isLeftOut = (span: number): boolean => span === 1;
  assert.equal(nextInLane(analysis, 0, 1, isLeftOut), 3);
  assert.equal(nextInLane(analysis, 1, 1, isLeftOut), 3);
  assert.equal(nextInLane(analysis, 1, -1, isLeftOut), 0);
});

test("beside a moment is what a lane began last, before its beginning what it began with", () => {
  assert.equal(spanAt(analysis, laneOfB, 60, all), 4);
  assert.equal(spanAt(analysis, laneOfB, 45, all), 2);
  assert.equal(spanAt(analysis, laneOfB, 0, all), 2);
});
