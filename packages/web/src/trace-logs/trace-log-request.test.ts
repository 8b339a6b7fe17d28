import assert from "node:assert/strict";
import { test } from "node:test";
import { sinceTrace, traceLogRequest } from "./trace-log-request.ts";

const TRACE = "ab".repeat(16);
const SPAN = "cd".repeat(8);

test("a filter, words and conditions are asked of the trace that is shown, whatever trace is typed", () => {
  assert.deepEqual(traceLogRequest(TRACE, "", "trace", undefined), { trace: TRACE });
  assert.deepEqual(traceLogRequest(TRACE, " { severity >= warn } ", "trace", SPAN), {
    trace: TRACE,
    q: "{ severity >= warn }",
  });
  assert.deepEqual(traceLogRequest(TRACE, "no answer service:planner", "trace", undefined), {
    trace: TRACE,
    text: "no answer",
    service: ["planner"],
  });
  assert.deepEqual(traceLogRequest(TRACE, `trace:${"0".repeat(32)}`, "trace", undefined), { trace: TRACE });
});

test("those of a span and those around it need a span", () => {
  assert.deepEqual(traceLogRequest(TRACE, "", "span", SPAN), { trace: TRACE, span: SPAN });
  assert.deepEqual(traceLogRequest(TRACE, "", "around", SPAN), { trace: TRACE, around: SPAN });
  assert.deepEqual(traceLogRequest(TRACE, "", "around", undefined), { trace: TRACE });
});

test("a record may be older than the first span", () => {
  assert.equal(sinceTrace("1790000012345000000", "1790000000000000000"), "+12.345 s");
  assert.equal(sinceTrace("1789999999988000000", "1790000000000000000"), "−0.012 s");
});
