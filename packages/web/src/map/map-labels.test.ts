import assert from "node:assert/strict";
import { test } from "node:test";
import { edgeLabels } from "./map-labels.ts";
import { mapLayout, NODE } from "./map-layout.ts";
import { edge, node } from "./testing/figures.ts";

const layout = mapLayout({
  nodes: ["hub", "a", "b", "c"].map((name) => node(name)),
  edges: ["a", "b", "c"].map((name) => edge("hub", name)),
});
const SIZE = { characters: 14, lines: 2 };
const WIDTH = 14 * 6;

test("labels of edges that leave one node are apart from each other, from lines and from nodes", () => {
  const labels = edgeLabels(layout, () => SIZE).map(({ x, y, anchor }) => {
    const left = anchor === "start" ? x : anchor === "end" ? x - WIDTH : x - WIDTH / 2;
    return { left, right: left + WIDTH, top: y - 10, bottom: y + 15 };
  });
  for (const [at, one] of labels.entries()) {
    for (const other of labels.slice(at + 1))
      assert.ok(
        one.bottom < other.top || other.bottom < one.top || one.right < other.left || other.right < one.left,
      );
    for (const { left, top } of layout.nodes) {
      const isBeside = one.right <= left || one.left >= left + NODE.width;
      assert.ok(isBeside || one.bottom < top || one.top > top + NODE.height);
    }
    for (const { x, y } of layout.edges.flatMap(({ line }) => line))
      assert.ok(x <= one.left || x >= one.right || y <= one.top || y >= one.bottom, `${at}: ${x} ${y}`);
  }
});

test("an edge that passes a column has its label there, in one line", () => {
  const long = mapLayout({
    nodes: ["a", "b", "c"].map((name) => node(name)),
    edges: [edge("a", "b"), edge("b", "c"), edge("a", "c")],
  });
  const at = long.edges.findIndex(({ edge: { from, to } }) => from === "agent:a" && to === "agent:c");
  const label = edgeLabels(long, (_, isOneLine) => ({ characters: 14, lines: isOneLine ? 1 : 2 }))[at]!;
  const passed = long.nodes.find(({ node: { name } }) => name === "b")!;
  assert.equal(label.isOneLine, true);
  assert.equal(label.x, passed.left + NODE.width / 2);
});
