import assert from "node:assert/strict";
import { test } from "node:test";
import { readLiveQuery, withoutOne, withTyped } from "./live-query.ts";

const read = (text: string) => readLiveQuery(new URLSearchParams({ q: text }));

test("words and conditions are asked as the list of traces asks them", () => {
  assert.deepEqual(read('agent:planner test-case:"late fee" refund').filter, {
    agent: ["planner"],
    testCase: ["late fee"],
    text: "refund",
  });
  assert.deepEqual(read("").filter, {});
});

test("TraceQL takes the place of conditions, and conditions that of TraceQL", () => {
  const traceQl = read("{ status = error }");
  assert.equal(traceQl.traceQl, "{ status = error }");
  assert.equal(withTyped(read("agent:a"), "{ } "), "{ }");
  assert.equal(withTyped(traceQl, "agent:a"), "agent:a");
});

test("what is typed comes to what is there, and each condition can be taken away alone", () => {
  const both = read(withTyped(read("agent:planner"), 'session:"s 1"'));
  assert.equal(both.text, 'agent:planner session:"s 1"');
  assert.equal(withoutOne(both, both.conditions[0]!), 'session:"s 1"');
  assert.equal(withTyped(both, "", ["status", "error"]), 'agent:planner session:"s 1" status:error');
  assert.equal(withoutOne(read("only"), read("only").conditions[0]!), "");
});
