import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { marksOf, type PathMark, pathMarks } from "./path-marks.ts";
import { type ShownTree, shownTree } from "./shown-tree.ts";
import { columns } from "./testing/columns.ts";

/** 0 is on its own, then 1, in which 2 is, then on its own again. */
const trace = columns([
  { parent: -1, dur: 100 },
  { parent: 0, start: 20, dur: 60, type: "tool" },
  { parent: 1, start: 30, dur: 40 },
]);

function marked(trace: TraceColumns, leftOut?: Uint8Array) {
  const analysis = analyseTrace(trace);
  const tree: ShownTree = shownTree(analysis.tree, leftOut);
  const path = pathMarks(trace, { trace, analysis }, tree, (row) => row);
  return (span: number, isClosed = false): readonly (readonly [number, number, string])[] =>
    marksOf(path, tree, span, isClosed).map(({ from, to, kind }: PathMark) => [from, to, kind]);
}

test("each span marks its own stretches of the path", () => {
  const marks = marked(trace);
  assert.deepEqual(marks(0), [
    [0, 20, "self"],
    [80, 100, "self"],
  ]);
  assert.deepEqual(marks(1), [
    [20, 30, "tool"],
    [70, 80, "tool"],
  ]);
  assert.deepEqual(marks(2), [[30, 70, "tool"]]);
});

test("a closed span marks what is below it as well, and what adjoins is one stretch", () => {
  assert.deepEqual(marked(trace)(1, true), [[20, 80, "tool"]]);
  assert.deepEqual(marked(trace)(0, true), [
    [0, 20, "self"],
    [20, 80, "tool"],
    [80, 100, "self"],
  ]);
});

test("what is left out is marked above", () => {
  const marks = marked(trace, Uint8Array.of(0, 0, 1));
  assert.deepEqual(marks(1), [[20, 80, "tool"]]);
});
