import assert from "node:assert/strict";
import { test } from "node:test";
import { type MarkedTrace, withMark } from "./marked-traces.ts";

const trace = (traceId: string): MarkedTrace => ({ traceId, name: traceId });

test("two traces can be marked, a third takes the place of the first, and marking again unmarks", () => {
  let marked: readonly MarkedTrace[] = [];
  const ids = ["a", "b", "c", "b"].map((id) => {
    marked = withMark(marked, trace(id));
    return marked.map(({ traceId }) => traceId).join("");
  });
  assert.deepEqual(ids, ["a", "ab", "bc", "c"]);
});
