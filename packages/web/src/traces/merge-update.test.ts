import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { mergeUpdate } from "./merge-update.ts";

const item = (traceId: string, startNanos: string, spanCount = 1): TraceItem =>
  ({ traceId, startNanos, spanCount }) as TraceItem;
const ids = (items: readonly TraceItem[]): string[] =>
  items.map(({ traceId, spanCount }) => `${traceId}${spanCount}`);

test("a changed trace replaces its row, a new one goes where its start belongs", () => {
  const rows = [item("c", "30"), item("a", "10")];
  assert.deepEqual(ids(mergeUpdate(rows, [item("a", "10", 2), item("b", "20"), item("d", "40")])), [
    "d1",
    "c1",
    "b1",
    "a2",
  ]);
});

test("starts are compared to the nanosecond, and equal ones by id, as the list does", () => {
  const rows = mergeUpdate(
    [],
    [item("a", "1790000000000000001"), item("b", "1790000000000000002"), item("c", "1790000000000000001")],
  );
  assert.deepEqual(ids(rows), ["b1", "c1", "a1"]);
});

test("an update without changes keeps the list as it is", () => {
  const rows = [item("a", "10")];
  assert.equal(mergeUpdate(rows, []), rows);
});
