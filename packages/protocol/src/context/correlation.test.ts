import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  CORRELATION_KEYS,
  correlationFromVariables,
  correlationVariables,
  mergeCorrelation,
} from "./correlation.ts";

function lookup(values: Record<string, string>) {
  return (key: string) => values[key];
}

test("the list for other languages says the same", () => {
  const json = JSON.parse(readFileSync(new URL("correlation-keys.json", import.meta.url), "utf8"));
  assert.deepEqual(json, CORRELATION_KEYS);
});

test("a test case without a name has its id as its name, a test run has not", () => {
  assert.deepEqual(mergeCorrelation(lookup({ "test.case.id": "c", "test.suite.run.id": "r" })), {
    "test.case.id": "c",
    "test.case.name": "c",
    "test.suite.run.id": "r",
  });
});

test("what a request says holds before what its process says, each id with its own name", () => {
  const process = {
    "session.id": "s0",
    "user.id": "u0",
    "test.case.id": "c0",
    "test.case.name": "Zero",
    "test.suite.run.id": "r0",
    "test.suite.name": "Suite",
  };
  const request = { "session.id": "s1", "test.case.id": "c1", "test.suite.run.id": "r1" };
  assert.deepEqual(mergeCorrelation(lookup(request), lookup(process)), {
    "session.id": "s1",
    "user.id": "u0",
    "test.case.id": "c1",
    "test.case.name": "c1",
    "test.suite.run.id": "r1",
  });
});

test("empty values and keys that nobody configured are no ids", () => {
  const values = lookup({ "session.id": "", tenant: "t", secret: "x" });
  assert.deepEqual(mergeCorrelation(values, undefined, ["tenant"]), { tenant: "t" });
});

test("variables of a process and back", () => {
  const ids = { "session.id": "s", "test.case.id": "c", "test.case.name": "Case", "test.suite.run.id": "r" };
  const variables = correlationVariables(ids);
  assert.equal(variables.CLEW_TEST_CASE_NAME, "Case");
  assert.deepEqual(correlationFromVariables(variables), ids);
  const started = { CLEW_TEST_SUITE_NAME: "Old", BAGGAGE: "a=1;p,test.suite.run.id=old,test.suite.name=Old" };
  const again = { ...started, ...correlationVariables(ids, started) };
  assert.equal(again.BAGGAGE, "a=1;p");
  assert.deepEqual(correlationFromVariables(again), ids);
  assert.deepEqual(correlationVariables({}, started), {});
  assert.deepEqual(correlationFromVariables({ CLEW_SESSION_ID: "  ", CLEW_TASK_ID: " t " }), {
    "task.id": "t",
  });
});
