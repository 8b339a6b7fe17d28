import assert from "node:assert/strict";
import { test } from "node:test";
import { queryString } from "@clew/protocol/api/requests";
import {
  conditionsOf,
  filterOf,
  readSearch,
  tracesWith,
  withConditions,
  withoutCondition,
} from "./trace-filter.ts";

const query = (text: string): URLSearchParams => new URLSearchParams(text);

test("the address of a list and what the API is asked are the same words", () => {
  const text = "testCase=a+b&testCase=c&status=error&attr.order.id=7%261&text=late+fee&minDuration=2s";
  const filter = filterOf(query(text));
  assert.deepEqual(filter, {
    testCase: ["a b", "c"],
    status: "error",
    attributes: { "order.id": ["7&1"] },
    text: "late fee",
    minDuration: "2s",
  });
  assert.deepEqual(filterOf(query(queryString(filter).slice(1))), filter);
});

test("what is no condition stays out of what is asked", () => {
  assert.deepEqual(filterOf(query("live=off&cursor=x&nonsense=1&agent=&attr.=2&__proto__=3&toString=4")), {});
});

test("a condition is added once, replaces its like where there can be one, and leads to the first page", () => {
  const before = query("agent=a&status=ok&cursor=x&live=off");
  const added = withConditions(before, [
    ["agent", "b"],
    ["agent", "a"],
    ["status", "error"],
  ]);
  assert.equal(added, "/traces?agent=a&status=error&live=off&agent=b");
  assert.equal(withoutCondition(query("agent=a&agent=b"), { name: "agent", value: "a" }), "/traces?agent=b");
  assert.equal(withoutCondition(query("agent=a"), { name: "agent", value: "a" }), "/traces");
});

test("any value survives its way through an address", () => {
  for (const value of ["a&b=c", "100%", "ü/?#", '"quoted"', "<script>", "\u0000\n", "😀"]) {
    const [condition] = conditionsOf(new URL(tracesWith("session", value), "http://x").searchParams);
    assert.equal(condition?.value, value);
  }
});

test("conditions are told from words, whatever case and dashes they are written with", () => {
  assert.deepEqual(readSearch('late fee test-case:x Agent:"the planner" http.route:/a:b').conditions, [
    ["testCase", "x"],
    ["agent", "the planner"],
    ["attr.http.route", "/a:b"],
    ["text", "late fee"],
  ]);
  assert.deepEqual(readSearch("note: https://shop.example agent:").conditions, [
    ["text", "note: https://shop.example agent:"],
  ]);
  assert.deepEqual(readSearch("  ").conditions, []);
});

test("a trace id leads to its trace", () => {
  assert.equal(readSearch(` ${"AB".repeat(16)} `).traceId, "ab".repeat(16));
});
