import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { errorWay, spansOf, stepIn } from "./finding-walk.ts";
import { shownTree } from "./shown-tree.ts";
import { columns } from "./testing/columns.ts";

/** 0 goes on although 1 and 2 failed for 3; 4 fails by itself with nothing in common. */
const trace = columns([
  { parent: -1, dur: 100 },
  { parent: 0, dur: 50, status: 2, name: "ask" },
  { parent: 1, dur: 40, status: 2, name: "call" },
  { parent: 2, dur: 30, status: 2, name: "query", err: "timeout" },
  { parent: 0, start: 60, dur: 10, status: 2, name: "mail", err: "refused" },
]);
const { findings, tree, rollUps } = analyseTrace(trace);
const shown = shownTree(tree);

test("an error leads from where it began over what failed with it to what went on", () => {
  const error = findings.find(({ spans }) => spans[0] === 3)!;
  assert.deepEqual(spansOf(error), [3, 2, 1, 0]);
});

test("the way of the errors comes by every one, the same span once", () => {
  assert.deepEqual(
    errorWay(trace, shown, rollUps.errors, findings, (row) => row),
    [3, 2, 1, 0, 4],
  );
});

test("before anything is explained, the way begins below as well", () => {
  assert.deepEqual(
    errorWay(trace, shown, rollUps.errors, [], (row) => row),
    [3, 2, 1, 4],
  );
});

test("spans that are gone are left out of the way", () => {
  assert.deepEqual(
    errorWay(trace, shown, rollUps.errors, findings, () => -1),
    [3, 2, 1, 4],
  );
});

test("an error far above several others is come by once", () => {
  const wide = columns([
    { parent: -1, status: 2 },
    { parent: 0, start: 2, dur: 9, status: 2 },
    { parent: 0, start: 3, dur: 1, status: 2 },
  ]);
  const { tree: ownTree, rollUps: sums } = analyseTrace(wide);
  assert.deepEqual(
    errorWay(wide, shownTree(ownTree), sums.errors, [], (row) => row),
    [2, 0, 1],
  );
});

test("steps go around the end, and from elsewhere to the nearer end", () => {
  assert.equal(stepIn([5, 7, 9], 5, 1), 7);
  assert.equal(stepIn([5, 7, 9], 9, 1), 5);
  assert.equal(stepIn([5, 7, 9], 5, -1), 9);
  assert.equal(stepIn([5, 7, 9], 1, 1), 5);
  assert.equal(stepIn([5, 7, 9], 1, -1), 9);
  assert.equal(stepIn([], 1, 1), undefined);
});
