import assert from "node:assert/strict";
import { test } from "node:test";
import { buildTree } from "@clew/protocol/analysis/tree";
import { shownTree } from "../trace/shown-tree.ts";
import { columns } from "../trace/testing/columns.ts";
import { randomSpans } from "../trace/testing/random-spans.ts";
import { mergedSheet, mergePaths, sumPaths } from "./merged-sheet.ts";

test("spans of one name on one way are one bar, the largest first", () => {
  const trace = columns([
    { parent: -1, name: "agent" },
    { parent: 0, name: "tool", dur: 3, status: 2 },
    { parent: 0, name: "model", dur: 9 },
    { parent: 0, name: "tool", dur: 5 },
    { parent: 3, name: "model", dur: 1 },
  ]);
  const paths = mergePaths(trace, shownTree(buildTree(trace)));
  assert.equal(paths.count, 4);
  const tool = paths.barOf[1]!;
  assert.equal(paths.barOf[3], tool);
  assert.notEqual(paths.barOf[2], paths.barOf[4]);
  assert.deepEqual([paths.spans[tool], paths.errors[tool], paths.longest[tool]], [2, 1, 3]);
  const sums = sumPaths(paths, [0, 3, 9, 4, 1]);
  const sheet = mergedSheet(paths, sums);
  assert.deepEqual([sheet.from[paths.barOf[2]!], sheet.to[paths.barOf[2]!]], [0, 9]);
  assert.deepEqual([sheet.from[tool], sheet.to[tool]], [9, 17]);
  assert.deepEqual([sums.own[tool], sums.total[tool]], [7, 8]);
});

test("bars are as wide as what they add up to and lie within the bar above, in any trace", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const trace = randomSpans(seed);
    const tree = shownTree(buildTree(trace));
    const paths = mergePaths(trace, tree);
    const sums = sumPaths(paths, trace.dur);
    const sheet = mergedSheet(paths, sums);
    const whole = trace.dur.reduce((sum, one) => sum + one, 0);
    assert.equal(sheet.whole.to, whole);
    assert.equal(
      paths.spans.reduce((sum, one) => sum + one, 0),
      trace.n,
    );
    for (let bar = 0; bar < paths.count; bar++) {
      if (sheet.levelOf[bar]! < 0) {
        assert.equal(sums.total[bar], 0);
        continue;
      }
      assert.equal(sheet.to[bar]! - sheet.from[bar]!, sums.total[bar]);
      const above = paths.parent[bar]!;
      if (above < 0) continue;
      assert.ok(sheet.from[bar]! >= sheet.from[above]! && sheet.to[bar]! <= sheet.to[above]!);
      assert.equal(sheet.levelOf[bar], sheet.levelOf[above]! + 1);
    }
  }
});
