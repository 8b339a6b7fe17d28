import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { fleetTrace } from "@clew/protocol/analysis/fleet-trace";
import { buildTree } from "@clew/protocol/analysis/tree";
import { NO_PARENT, PARENT_MISSING } from "@clew/protocol/api/trace-columns";
import { columns } from "./testing/columns.ts";
import { randomSpans } from "./testing/random-spans.ts";
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
  const { running, rootMissing, inputTokens, errors } = totalsOf(trace, tree);
  assert.deepEqual(
    { running, rootMissing, inputTokens, errors },
    { running: 1, rootMissing: false, inputTokens: 14, errors: 1 },
  );
});

test("they are what the analysis says", () => {
  const random = Array.from({ length: 50 }, (_, seed) => randomSpans(seed + 1));
  for (const trace of [fleetTrace(3000), ...random]) {
    const { tree, rollUps } = analyseTrace(trace);
    const { errors, inputTokens, outputTokens, costMicro } = rollUps;
    assert.deepEqual(sumsOf(trace, tree), { errors, inputTokens, outputTokens, costMicro });
    const totals = totalsOf(trace, tree);
    for (const name of ["errors", "inputTokens", "outputTokens", "cacheReadTokens", "costMicro"] as const)
      assert.equal(totals[name], rollUps.whole[name], name);
  }
});

test("a trace of spans whose parent is not there has no root", () => {
  const trace = columns([{ parent: PARENT_MISSING }]);
  assert.equal(totalsOf(trace, buildTree(trace)).rootMissing, true);
});
