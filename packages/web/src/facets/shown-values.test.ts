import assert from "node:assert/strict";
import { test } from "node:test";
import { shownValues } from "./shown-values.ts";

const FACET = { name: "agent", values: [{ value: "planner", count: 3 }], hasMore: false } as const;

test("what is chosen is shown even where no trace counted has it", () => {
  assert.deepEqual(shownValues(FACET, ["coder", "planner", "coder"]), [
    { value: "coder", count: undefined, isChosen: true },
    { value: "planner", count: 3, isChosen: true },
  ]);
});

test("what was counted is shown in its order", () => {
  assert.deepEqual(shownValues(FACET, []), [{ value: "planner", count: 3, isChosen: false }]);
});
