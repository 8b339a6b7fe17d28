import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogItem, LogList } from "@clew/protocol/api/logs";
import { mergeNewer } from "./merge-newer.ts";

function item(id: string, at: number): LogItem {
  return {
    id,
    timeNanos: String(at),
    timeMs: at / 1e6,
    severityNumber: 0,
    severityText: "",
    body: "",
    service: "",
    scope: "",
    traceId: "",
    spanId: "",
    eventName: "",
    attributes: [],
    droppedAttributesCount: 0,
  };
}

const shown = [item("c", 30), item("b", 20), item("a", 10)];
const list = (items: readonly LogItem[], rest: Partial<LogList> = {}): LogList => ({
  items,
  tookMs: 1,
  ...rest,
});
const ids = (items: readonly LogItem[] | undefined) => items?.map(({ id }) => id).join("");

test("new records come before those that are shown, late ones at their time", () => {
  const merged = mergeNewer(shown, list([item("e", 50), item("c", 30), item("l", 25), item("b", 20)]));
  assert.equal(ids(merged?.items), "eclba");
  assert.equal(ids(merged?.added), "el");
});

test("nothing new leaves the list as it is", () => {
  assert.equal(mergeNewer(shown, list([item("c", 30)]))?.items, shown);
  assert.equal(mergeNewer(shown, list([]))?.items, shown);
});

test("an answer that may not reach back to the list cannot be merged", () => {
  assert.equal(mergeNewer(shown, list([item("z", 90), item("y", 80)], { next: "x" })), undefined);
  assert.equal(mergeNewer(shown, list([], { partial: { reason: "time" }, next: "x" })), undefined);
  assert.equal(mergeNewer([], list([item("z", 90)], { next: "x" })), undefined);
  assert.equal(ids(mergeNewer(shown, list([item("z", 90), item("c", 30)], { next: "x" }))?.items), "zcba");
});
