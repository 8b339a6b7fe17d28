import assert from "node:assert/strict";
import { test } from "node:test";
import { infrastructureOf } from "./infrastructure.ts";
import { columns } from "./testing/columns.ts";
import { treeOf } from "./trace-tree.ts";

/** A server, an agent in it, its call, a failing database behind that, another call. */
const SPANS = [
  { parent: -1 },
  { parent: 0, type: "agent", status: 2 },
  { parent: 1, status: 2 },
  { parent: 2, status: 2 },
  { parent: 1 },
];

test("calls between agents are left out; roots and where an error began stay", () => {
  const trace = columns(SPANS);
  assert.deepEqual([...(infrastructureOf(trace, treeOf(trace)) ?? [])], [0, 0, 1, 0, 1]);
});

test("there is no choice where nothing is left out, or nothing else is there", () => {
  for (const spans of [
    [{ parent: -1 }, { parent: 0, type: "llm" }],
    [{ parent: -1 }, { parent: 0 }],
  ]) {
    const trace = columns(spans);
    assert.equal(infrastructureOf(trace, treeOf(trace)), undefined);
  }
});
