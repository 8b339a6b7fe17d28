import assert from "node:assert/strict";
import { test } from "node:test";
import { buildTree } from "@clew/protocol/analysis/tree";
import { alikeRuns, spansOfRun } from "./alike-runs.ts";
import { rowOf, shownTree, visibleRows } from "./shown-tree.ts";
import { columns } from "./testing/columns.ts";
import { randomSpans } from "./testing/random-spans.ts";
import { sumsOf } from "./trace-sums.ts";

function runsOf(trace: ReturnType<typeof columns>) {
  const whole = buildTree(trace);
  const tree = shownTree(whole);
  const { errors } = sumsOf(trace, whole);
  return { tree, errors, runs: alikeRuns(trace, tree, errors) };
}

const tool = { parent: 0, name: "tool" };

test("three or more alike in a row are a run; one that failed ends it and keeps its row", () => {
  const trace = columns([
    { parent: -1 },
    ...[tool, tool, tool].map((span, at) => ({ ...span, start: at })),
    { ...tool, start: 4, status: 2 },
    ...[tool, tool].map((span, at) => ({ ...span, start: 5 + at })),
    { parent: 0, name: "chat", start: 8 },
  ]);
  const { tree, runs } = runsOf(trace);
  assert.deepEqual([...runs.times], [0, 3, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(spansOfRun(tree, runs, 1), [1, 2, 3]);
  const rows = visibleRows(
    tree,
    () => false,
    (row) => (runs.times[row]! > 0 ? runs.beyond[row] : undefined),
  );
  assert.deepEqual([...rows], [0, 1, 4, 5, 6, 7]);
  assert.equal(rowOf(tree, rows, 3), 1);
});

test("what is below a run is folded with it, and every span has a row or one above or before it that stands for it", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const trace = randomSpans(seed, 80);
    const { tree, errors, runs } = runsOf(trace);
    const rows = visibleRows(
      tree,
      () => false,
      (row) => (runs.times[row]! > 0 ? runs.beyond[row] : undefined),
    );
    let hidden = 0;
    for (const row of rows) {
      if (runs.times[row] === 0) continue;
      const spans = spansOfRun(tree, runs, row);
      assert.equal(spans.length, runs.times[row]);
      for (const span of spans) {
        hidden += tree.size[span]!;
        assert.equal(runs.firstOf[span], row);
        assert.equal(trace.name[span], trace.name[row]);
        assert.equal(tree.parent[span], tree.parent[row]);
        assert.equal(errors[span], 0, `seed ${seed}: no error is folded`);
      }
      hidden--;
    }
    assert.equal(rows.length + hidden, tree.order.length, `seed ${seed}`);
  }
});
