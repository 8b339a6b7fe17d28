import assert from "node:assert/strict";
import { test } from "node:test";
import { buildTree } from "@clew/protocol/analysis/tree";
import { infrastructureOf } from "./infrastructure.ts";
import { columns } from "./testing/columns.ts";
import { sumsOf } from "./trace-sums.ts";

function leftOut(spans: Parameters<typeof columns>[0]): Uint8Array | undefined {
  const trace = columns(spans);
  const tree = buildTree(trace);
  return infrastructureOf(trace, tree, sumsOf(trace, tree));
}

/** A server, an agent in it, its call, a failing database behind that, another call. */
const SPANS = [
  { parent: -1 },
  { parent: 0, type: "agent", status: 2 },
  { parent: 1, status: 2 },
  { parent: 2, status: 2 },
  { parent: 1 },
];

test("calls between agents are left out; roots and where an error began stay", () => {
  assert.deepEqual([...(leftOut(SPANS) ?? [])], [0, 0, 1, 0, 1]);
});

test("there is no choice where nothing is left out, or nothing else is there", () => {
  for (const spans of [
    [{ parent: -1 }, { parent: 0, type: "llm" }],
    [{ parent: -1 }, { parent: 0 }],
  ]) {
    assert.equal(leftOut(spans), undefined);
  }
});
