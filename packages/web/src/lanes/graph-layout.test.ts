import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { fleetTrace } from "@clew/protocol/analysis/fleet-trace";
import { columns } from "../trace/testing/columns.ts";
import { agentGraph, layered, MOST_NODES } from "./graph-layout.ts";

const edge = (from: number, to: number) => ({ from, to });

test("a node stands right of all that lead to it, and an edge to an earlier one moves nothing", () => {
  const places = layered(4, [edge(0, 1), edge(1, 2), edge(0, 3), edge(2, 3), edge(3, 1)]);
  assert.deepEqual(
    places.map(({ column }) => column),
    [0, 1, 2, 3],
  );
});

test("no two nodes are in the same place", () => {
  const edges = Array.from({ length: 60 }, (_, at) => edge(at % 11, (at * 7) % 29));
  const places = layered(29, edges).map(({ column, row }) => `${column} ${row}`);
  assert.equal(new Set(places).size, 29);
});

test("neighbours are put beside each other, so that edges need not cross", () => {
  const places = layered(5, [edge(0, 1), edge(0, 2), edge(1, 4), edge(2, 3)]);
  assert.ok(places[1]!.row < places[2]!.row === places[4]!.row < places[3]!.row);
});

test("nothing and a single node have a layout", () => {
  assert.deepEqual(layered(0, []), []);
  assert.deepEqual(layered(1, [edge(0, 0)]), [{ column: 0, row: 0 }]);
});

test("the edges between two agents are one, with all of their times", () => {
  const analysis = analyseTrace(fleetTrace(500));
  const { nodes, edges, leftOut } = agentGraph(analysis);
  assert.deepEqual(
    nodes.map(({ label }) => label),
    ["orchestrator", "planner", "researcher", "coder"],
  );
  assert.equal(leftOut, 0);
  assert.equal(
    edges.reduce((sum, one) => sum + one.edges.length, 0),
    analysis.edges.length,
  );
});

test("instances of one agent are one node where there are too many", () => {
  const spans = Array.from({ length: MOST_NODES * 2 }, () => ({ parent: 0, start: 10, dur: 50_000 }));
  const trace = columns([{ parent: -1, dur: 100_000 }, ...spans]);
  const agents = { ...trace, agent: trace.parent.map((parent) => (parent < 0 ? 1 : 2)) };
  const analysis = analyseTrace({ ...agents, dict: { ...trace.dict, agent: ["", "boss", "worker"] } });
  assert.ok(analysis.lanes.lanes.length > MOST_NODES);
  const { nodes } = agentGraph(analysis);
  assert.deepEqual(
    nodes.map(({ label, lanes }) => [label, lanes.length]),
    [
      ["boss", 1],
      ["worker", MOST_NODES * 2],
    ],
  );
});
