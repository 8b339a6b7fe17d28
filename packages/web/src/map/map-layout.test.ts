import assert from "node:assert/strict";
import { test } from "node:test";
import type { MapEdge } from "@clew/protocol/api/map";
import { spread } from "./map-columns.ts";
import { type MapLayout, MOST_NODES, mapLayout, NODE } from "./map-layout.ts";
import { edge, node } from "./testing/figures.ts";

const columnOf = ({ nodes }: MapLayout, name: string): number =>
  nodes.find((placed) => placed.node.name === name)!.column;

const FLEET = ["writer", "critic", "planner", "coder", "tester"].map((name) => node(name));
const CALLS = [
  edge("planner", "coder", { calls: 40 }),
  edge("planner", "writer", { calls: 30 }),
  edge("coder", "tester", { calls: 20 }),
  edge("tester", "writer", { calls: 10 }),
  edge("writer", "critic", { calls: 8 }),
  edge("critic", "planner", { calls: 2, type: "hand-off" }),
];

test("who is called stands right of who calls; one that is busy and calls back does not turn the map around", () => {
  const layout = mapLayout({ nodes: FLEET, edges: CALLS });
  assert.deepEqual(
    ["planner", "coder", "tester", "writer", "critic"].map((name) => columnOf(layout, name)),
    [0, 1, 2, 3, 4],
  );
});

test("an edge begins and ends at the side of its nodes, one that goes back too, with room for the tip", () => {
  const { nodes, edges } = mapLayout({ nodes: FLEET, edges: CALLS });
  const placed = new Map(nodes.map((one) => [one.node.key, one]));
  for (const { edge: drawn, path } of edges) {
    const numbers = [...path.matchAll(/-?[\d.]+/g)].map(Number);
    const [from, to] = [placed.get(drawn.from)!, placed.get(drawn.to)!];
    const isBack = from.column > to.column;
    const startX = isBack ? from.left : from.left + NODE.width;
    assert.equal(numbers[0], startX, `${drawn.from} begins`);
    const gap = isBack ? numbers.at(-2)! - (to.left + NODE.width) : to.left - numbers.at(-2)!;
    assert.ok(gap > 0 && gap < 12, `${drawn.to} ends: ${gap}`);
    for (const [y, { top }] of [
      [numbers[1]!, from],
      [numbers.at(-1)!, to],
    ] as const)
      assert.ok(y > top && y < top + NODE.height);
  }
});

test("an edge that passes a column goes around the nodes there", () => {
  const { nodes, edges } = mapLayout({ nodes: FLEET, edges: CALLS });
  const { path } = edges.find(({ edge: { to, from } }) => from === "agent:planner" && to === "agent:writer")!;
  const levels = [...path.matchAll(/L([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  const passing = levels.flatMap(([x, y]) =>
    nodes.filter(({ left }) => x === left + NODE.width).map(({ top }) => ({ y, top })),
  );
  assert.equal(passing.length, 2);
  for (const { y, top } of passing) assert.ok(y < top || y > top + NODE.height, `${y} of ${top}`);
});

test("no two nodes overlap, and all are on the sheet, however dense the map", () => {
  const nodes = Array.from({ length: MOST_NODES + 20 }, (_, at) => node(`n${at}`));
  const edges: MapEdge[] = [];
  for (let from = 0; from < nodes.length; from++)
    for (let by = 1; by < 25; by++) edges.push(edge(`n${from}`, `n${(from * 3 + by) % nodes.length}`));
  const layout = mapLayout({ nodes, edges });
  assert.equal(layout.nodes.length, MOST_NODES);
  assert.equal(layout.leftOut, 20);
  for (const [at, one] of layout.nodes.entries()) {
    assert.ok(one.left >= 0 && one.left + NODE.width <= layout.width);
    assert.ok(one.top >= 0 && one.top + NODE.height <= layout.height);
    const next = layout.nodes[at + 1];
    if (next?.column === one.column) assert.ok(next.top >= one.top + NODE.height, one.node.name);
  }
});

test("the sheet is no larger than what is on it", () => {
  const { nodes, height, width } = mapLayout({ nodes: FLEET.slice(1), edges: CALLS.slice(0, 3) });
  const room = 30;
  assert.ok(Math.min(...nodes.map(({ top }) => top)) < room);
  assert.ok(height - Math.max(...nodes.map(({ top }) => top + NODE.height)) < room);
  assert.ok(width - Math.max(...nodes.map(({ left }) => left + NODE.width)) < room);
});

test("nothing, one alone, and one that calls its like have a layout", () => {
  assert.deepEqual(mapLayout({ nodes: [], edges: [] }).nodes, []);
  const { nodes, edges } = mapLayout({ nodes: [node("a")], edges: [edge("a", "a")] });
  assert.equal(nodes.length, 1);
  assert.match(edges[0]!.path, /^M/);
  assert.ok(nodes[0]!.top >= 20);
});

test("edges between the same two nodes have ways of their own", () => {
  const edges = [edge("a", "b"), edge("a", "b", { type: "message" }), edge("b", "a", { type: "hand-off" })];
  const { edges: drawn } = mapLayout({ nodes: [node("a"), node("b")], edges });
  assert.equal(new Set(drawn.map(({ path }) => path)).size, 3);
});

test("what is spread stays in order, does not overlap, and moves no further than it must", () => {
  assert.deepEqual(spread([0, 500], [90, 90]), [0, 500]);
  assert.deepEqual(spread([0, 0], [92, 92]), [-59, 59]);
  assert.deepEqual(spread([200, 0, 0], [92, 92, 92]).map(Math.round), [-51, 67, 185]);
});
