import assert from "node:assert/strict";
import { test } from "node:test";
import { buildTree } from "@clew/protocol/analysis/tree";
import { NO_PARENT, PARENT_MISSING } from "@clew/protocol/api/trace-columns";
import { columns } from "./testing/columns.ts";
import { sumsOf, totalsOf } from "./trace-sums.ts";

test("sums are those at or below a span, and of the whole trace", () => {
  const trace = columns([
    { parent: NO_PARENT, running: true },
    { parent: 0, tokens: 2 },
    { parent: 1, tokens: 4, status: 2 },
    { parent: PARENT_MISSING, tokens: 8 },
  ]);
  const tree = buildTree(trace);
  const sums = sumsOf(trace, tree);
  assert.deepEqual([...sums.inputTokens], [6, 6, 4, 8]);
  assert.deepEqual([...sums.errors], [1, 1, 1, 0]);
  const { running, rootMissing, inputTokens, errors, spans } = totalsOf(trace, tree, sums);
  assert.deepEqual(
    { running, rootMissing, inputTokens, errors, spans },
    { running: 1, rootMissing: false, inputTokens: 14, errors: 1, spans: 4 },
  );
});

test("a trace of spans whose parent is not there has no root", () => {
  const trace = columns([{ parent: PARENT_MISSING }]);
  const tree = buildTree(trace);
  assert.equal(totalsOf(trace, tree, sumsOf(trace, tree)).rootMissing, true);
});
