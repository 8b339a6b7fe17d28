import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { fleetTrace } from "@clew/protocol/analysis/fleet-trace";
import { laneTimes, partText, waitMatrix } from "./lane-times.ts";

const analysis = analyseTrace(fleetTrace(100));

test("the parts of a lane's time add up to it, the longest first", () => {
  const times = laneTimes(analysis);
  assert.equal(times.length, analysis.lanes.lanes.length);
  for (const { us, parts } of times) {
    assert.equal(
      parts.reduce((sum, part) => sum + part.us, 0),
      us,
    );
    assert.deepEqual(
      parts,
      parts.toSorted((a, b) => b.us - a.us),
    );
  }
});

test("the matrix has every microsecond of the waits once", () => {
  const { columns, rows } = waitMatrix(analysis);
  const inCells = rows.flatMap(({ cells }) => cells).reduce((sum, us) => sum + us, 0);
  const inWaits = analysis.waits.reduce((sum, { us }) => sum + us, 0);
  assert.ok(Math.abs(inCells - inWaits) < 1);
  const forPlanner = columns.findIndex(({ label }) => label === "for planner");
  assert.ok(rows[0]!.cells[forPlanner]! > 0, "the orchestrator waits for the planner");
});

test("what time went into is told in words", () => {
  const wait = { lane: 0, us: 2_500_000, times: 1 };
  assert.equal(
    partText({ ...wait, kind: "waiting", onLane: 1, on: "researcher" }),
    "2.5 s waiting for researcher",
  );
  assert.equal(partText({ ...wait, kind: "waiting", onLane: -1, on: "GET /x" }), "2.5 s call GET /x");
  assert.equal(partText({ ...wait, kind: "self", onLane: -1, on: "" }), "2.5 s self");
  assert.equal(partText({ ...wait, kind: "model", onLane: -1, on: "gpt-5" }), "2.5 s model gpt-5");
});
