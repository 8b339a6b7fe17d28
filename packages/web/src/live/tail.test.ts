import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { EMPTY_TAIL, MOST_ROWS, released, type Tail, withItems } from "./tail.ts";

const item = (traceId: string, spanCount = 1) => ({ traceId, spanCount }) as TraceItem;
const ids = (rows: Tail["rows"]) => rows.map(({ traceId }) => traceId).join(" ");

test("what came last is on top, and what is known is renewed where it stands", () => {
  const tail = withItems(EMPTY_TAIL, [item("a"), item("b")], false);
  assert.equal(ids(tail.rows), "b a");
  const next = withItems(tail, [item("a", 5), item("c")], false);
  assert.equal(ids(next.rows), "c b a");
  assert.equal(next.rows[2]?.spanCount, 5);
});

test("while the rows stand still what is new is held, and comes on top when they go on", () => {
  const tail = withItems(EMPTY_TAIL, [item("a")], false);
  const still = withItems(withItems(tail, [item("b"), item("a", 2)], true), [item("c"), item("b", 3)], true);
  assert.equal(ids(still.rows), "a");
  assert.equal(still.rows[0]?.spanCount, 2);
  assert.equal(ids(still.held), "c b");
  const after = released(still);
  assert.equal(ids(after.rows), "c b a");
  assert.equal(after.rows[1]?.spanCount, 3);
  assert.deepEqual(after.held, []);
});

test("the same update again changes no order and adds nothing", () => {
  const items = [item("a"), item("b")];
  const once = withItems(EMPTY_TAIL, items, false);
  assert.equal(ids(withItems(once, items, false).rows), ids(once.rows));
  assert.equal(released(withItems(withItems(once, items, true), items, true)).rows.length, 2);
});

test("no more are kept than there is room for, and the others are counted", () => {
  const many = Array.from({ length: MOST_ROWS + 500 }, (_, index) => item(`t${index}`));
  const tail = withItems(EMPTY_TAIL, many, false);
  assert.equal(tail.rows.length, MOST_ROWS);
  assert.equal(tail.rows[0]?.traceId, `t${MOST_ROWS + 499}`);
  assert.equal(tail.dropped, 500);
  const held = withItems(tail, [item("x")], true);
  assert.equal(released(held).rows.length, MOST_ROWS);
  assert.equal(released(held).dropped, 501);
});
