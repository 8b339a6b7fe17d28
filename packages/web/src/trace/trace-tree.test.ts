import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_PARENT, PARENT_MISSING } from "@clew/protocol/api/trace-columns";
import { columns } from "./testing/columns.ts";
import { above, rowOf, treeOf, visibleRows } from "./trace-tree.ts";

/** 0 has 1 and 3, 1 has 2; 4 lost its parent. */
const FOREST = columns([
  { parent: NO_PARENT, tokens: 1 },
  { parent: 0, tokens: 2 },
  { parent: 1, tokens: 4, status: 2 },
  { parent: 0, tokens: 8 },
  { parent: PARENT_MISSING, tokens: 16 },
]);

test("a span comes before what is below it, siblings by start, and orphans are roots", () => {
  const tree = treeOf(FOREST);
  assert.deepEqual([...tree.order], [0, 1, 2, 3, 4]);
  assert.deepEqual([...tree.depth], [0, 1, 2, 1, 0]);
  assert.deepEqual([...above(tree, 2)], [1, 0]);
});

test("a child that starts before its parent is still below it", () => {
  const tree = treeOf(columns([{ parent: 1 }, { parent: NO_PARENT }, { parent: 0 }]));
  assert.deepEqual([...tree.order], [1, 0, 2]);
  assert.deepEqual([...tree.depth], [1, 0, 2]);
});

test("sizes, errors and tokens are those at or below a span", () => {
  const tree = treeOf(FOREST);
  assert.deepEqual([...tree.size], [4, 2, 1, 1, 1]);
  assert.deepEqual([...tree.errors], [1, 1, 1, 0, 0]);
  assert.deepEqual([...tree.tokens], [15, 6, 4, 8, 16]);
});

test("what is below a closed span has no row, and is found at that span's", () => {
  const tree = treeOf(FOREST);
  const rows = visibleRows(tree, (span) => span === 1);
  assert.deepEqual([...rows], [0, 1, 3, 4]);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((span) => rowOf(tree, rows, span)),
    [0, 1, 1, 2, 3],
  );
});

test("what is below a span that is left out moves up, and sums go on to what is shown", () => {
  const tree = treeOf(FOREST, Uint8Array.of(0, 1, 0, 0, 0));
  assert.deepEqual([...tree.order], [0, 2, 3, 4]);
  assert.deepEqual([tree.depth[2], tree.parent[2], tree.size[0], tree.errors[0]], [1, 0, 3, 1]);
  assert.deepEqual([...above(tree, 2)], [0]);
  assert.equal(
    rowOf(
      tree,
      visibleRows(tree, () => false),
      1,
    ),
    0,
  );
});

test("a long chain that is left out is walked in linear time", () => {
  const n = 100_000;
  const deep = columns(Array.from({ length: n }, (_, at) => ({ parent: at - 1 })));
  const leftOut = new Uint8Array(n).fill(1);
  leftOut[0] = 0;
  leftOut[n - 1] = 0;
  const tree = treeOf(deep, leftOut);
  assert.deepEqual([...tree.order], [0, n - 1]);
  assert.equal(tree.parent[n - 1], 0);
});

test("a trace as deep as it is long does not exhaust the stack", () => {
  const n = 100_000;
  const deep = columns(Array.from({ length: n }, (_, at) => ({ parent: at - 1 })));
  const tree = treeOf(deep);
  assert.equal(tree.depth[n - 1], n - 1);
  assert.equal(tree.size[0], n);
  assert.equal(visibleRows(tree, (span) => span === 5).length, 6);
});

test("a trace without spans has no rows", () => {
  const tree = treeOf(columns([]));
  assert.equal(visibleRows(tree, () => false).length, 0);
});
