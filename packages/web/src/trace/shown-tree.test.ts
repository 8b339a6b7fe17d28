import assert from "node:assert/strict";
import { test } from "node:test";
import { buildTree } from "@clew/protocol/analysis/tree";
import { NO_PARENT, PARENT_MISSING, type TraceColumns } from "@clew/protocol/api/trace-columns";
import { above, rowOf, type ShownTree, shownTree, visibleRows } from "./shown-tree.ts";
import { columns } from "./testing/columns.ts";

/** 0 has 1 and 3, 1 has 2; 4 lost its parent. */
const FOREST = columns([
  { parent: NO_PARENT },
  { parent: 0 },
  { parent: 1 },
  { parent: 0 },
  { parent: PARENT_MISSING },
]);

function shown(trace: TraceColumns, isLeftOut?: Uint8Array): ShownTree {
  return shownTree(buildTree(trace), isLeftOut);
}

test("a span comes before what is below it, siblings by start, and orphans come last", () => {
  const tree = shown(FOREST);
  assert.deepEqual([...tree.order], [0, 1, 2, 3, 4]);
  assert.deepEqual([...tree.place], [0, 1, 2, 3, 4]);
  assert.deepEqual([...tree.depth], [0, 1, 2, 1, 0]);
  assert.deepEqual([...tree.size], [4, 2, 1, 1, 1]);
  assert.deepEqual([...above(tree, 2)], [1, 0]);
});

test("a child that starts before its parent is still below it", () => {
  const tree = shown(columns([{ parent: 1 }, { parent: NO_PARENT }, { parent: 0 }]));
  assert.deepEqual([...tree.order], [1, 0, 2]);
  assert.deepEqual([...tree.depth], [1, 0, 2]);
});

test("what is below a closed span has no row, and is found at that span's", () => {
  const tree = shown(FOREST);
  const rows = visibleRows(tree, (span) => span === 1);
  assert.deepEqual([...rows], [0, 1, 3, 4]);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((span) => rowOf(tree, rows, span)),
    [0, 1, 1, 2, 3],
  );
});

test("what is below a span that is left out moves up, and is found where that span's parent is", () => {
  const tree = shown(FOREST, Uint8Array.of(0, 1, 0, 0, 0));
  assert.deepEqual([...tree.order], [0, 2, 3, 4]);
  assert.deepEqual([tree.depth[2], tree.parent[2], tree.size[0]], [1, 0, 3]);
  assert.deepEqual([...above(tree, 2)], [0]);
  const rows = visibleRows(tree, () => false);
  assert.equal(rowOf(tree, rows, 1), 0);
});

test("a trace as deep as it is long neither exhausts the stack nor takes the square of its length", () => {
  const n = 100_000;
  const deep = columns(Array.from({ length: n }, (_, at) => ({ parent: at - 1 })));
  const leftOut = new Uint8Array(n).fill(1);
  leftOut[0] = 0;
  leftOut[n - 1] = 0;
  const brief = shown(deep, leftOut);
  assert.deepEqual([...brief.order], [0, n - 1]);
  assert.equal(brief.parent[n - 1], 0);
  const tree = shown(deep);
  assert.equal(tree.depth[n - 1], n - 1);
  assert.equal(visibleRows(tree, (span) => span === 5).length, 6);
});

test("a trace without spans has no rows", () => {
  assert.equal(visibleRows(shown(columns([])), () => false).length, 0);
});
