import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceColumns } from "../api/trace-columns.ts";
import { traceOf } from "./testing/trace-builder.ts";
import { buildTree } from "./tree.ts";

function names(trace: TraceColumns, rows: Iterable<number>): string[] {
  return [...rows].map((row) => trace.dict.name[trace.name[row]!]!);
}

test("siblings are in order of start and parents come first", () => {
  const trace = traceOf({
    name: "root",
    took: 9,
    below: [
      { name: "late", at: 5, below: [{ name: "deep", at: 6 }] },
      { name: "early", at: 1 },
    ],
  });
  const tree = buildTree(trace);
  assert.deepEqual(names(trace, tree.order), ["root", "early", "late", "deep"]);
  assert.deepEqual([...tree.size], [4, 1, 2, 1]);
  assert.deepEqual([...tree.depth], [0, 1, 1, 2]);
});

test("several roots and spans whose parent is missing are told apart, and both are above the trace's rows", () => {
  const trace = traceOf(
    { name: "lost", at: 0, orphan: true, below: [{ name: "found", at: 1 }] },
    { name: "first", at: 2 },
    { name: "second", at: 3 },
    { name: "lost too", at: 4, orphan: true },
  );
  const tree = buildTree(trace);
  assert.deepEqual(names(trace, tree.roots), ["first", "second"]);
  assert.deepEqual(names(trace, tree.orphans), ["lost", "lost too"]);
  assert.deepEqual(names(trace, tree.order), ["first", "second", "lost", "found", "lost too"]);
  const tops = tree.childRows.subarray(tree.childStart[tree.n]!, tree.childStart[tree.n + 1]!);
  assert.deepEqual(names(trace, tops), ["lost", "first", "second", "lost too"]);
});

test("a ring is cut before its earliest span, what hangs on it stays", () => {
  const trace = traceOf(
    { name: "a", at: 3 },
    { name: "b", at: 1 },
    { name: "c", at: 2 },
    { name: "d", at: 0 },
  );
  const [d, b, c, a] = [0, 1, 2, 3];
  const parent = [b, a, b, c];
  const tree = buildTree({ ...trace, parent });
  assert.deepEqual(names(trace, tree.rings), ["b"]);
  assert.equal(tree.roots.length + tree.orphans.length, 0);
  assert.deepEqual([...tree.order], [b, d, c, a]);
});

test("a span that is its own parent is a ring, one whose parent is nonsense an orphan", () => {
  const trace = traceOf({ name: "self" }, { name: "nonsense" });
  const tree = buildTree({ ...trace, parent: [0, 99] });
  assert.deepEqual([[...tree.rings], [...tree.orphans]], [[0], [1]]);
});

test("ids that come twice are told", () => {
  const id = "00000000000000aa";
  const trace = traceOf({ name: "a", id }, { name: "b" }, { name: "c", id });
  assert.deepEqual(names(trace, buildTree(trace).duplicates), ["c"]);
});

test("an empty trace has an empty tree", () => {
  const tree = buildTree(traceOf());
  assert.deepEqual([tree.n, tree.order.length, tree.roots.length], [0, 0, 0]);
});
