import assert from "node:assert/strict";
import { test } from "node:test";
import { mapLayout } from "./map-layout.ts";
import { walked } from "./map-walk.ts";
import { edge, node } from "./testing/figures.ts";

const layout = mapLayout({
  nodes: ["boss", "left", "right", "deep", "alone"].map((name) => node(name)),
  edges: [edge("boss", "left"), edge("boss", "right"), edge("right", "deep"), edge("boss", "deep")],
});
const rows = layout.nodes.filter(({ column }) => column === 1).map(({ node: { key } }) => key);

test("to the sides keys follow calls, those of the next column first", () => {
  assert.ok(rows.includes(walked(layout, "agent:boss", "ArrowRight")!));
  assert.equal(walked(layout, "agent:right", "ArrowRight"), "agent:deep");
  assert.equal(walked(layout, "agent:deep", "ArrowLeft"), "agent:right");
  assert.equal(walked(layout, "agent:left", "ArrowLeft"), "agent:boss");
});

test("without a call to follow a key still leads to the next column, and at the border nowhere", () => {
  assert.equal(walked(layout, "agent:left", "ArrowRight"), "agent:deep");
  assert.equal(walked(layout, "agent:deep", "ArrowRight"), "agent:deep");
});

test("up and down stay in the column; Home and End reach the ends; every node can be reached", () => {
  assert.equal(walked(layout, rows[0], "ArrowDown"), rows[1]);
  assert.equal(walked(layout, rows[1], "ArrowUp"), rows[0]);
  assert.equal(walked(layout, rows[0], "ArrowUp"), rows[0]);
  assert.equal(walked(layout, "agent:deep", "Home"), layout.nodes[0]!.node.key);
  assert.equal(walked(layout, "agent:boss", "End"), "agent:deep");
  const seen = new Set<string>();
  const waiting = [walked(layout, undefined, "Home")!];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    for (const by of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"] as const)
      waiting.push(walked(layout, key, by)!);
  }
  assert.equal(seen.size, layout.nodes.length);
});

test("a map without nodes leads nowhere", () => {
  assert.equal(walked(mapLayout({ nodes: [], edges: [] }), undefined, "ArrowRight"), undefined);
});
