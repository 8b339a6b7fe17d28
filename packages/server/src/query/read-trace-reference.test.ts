import assert from "node:assert/strict";
import { test } from "node:test";
import { readTraceReference } from "./read-trace-reference.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test("ids are read in the forms in which people copy them", () => {
  assert.deepEqual(readTraceReference(TRACE), { tracePrefix: TRACE });
  assert.deepEqual(readTraceReference(` ${TRACE.toUpperCase()}\n`), { tracePrefix: TRACE });
  assert.deepEqual(readTraceReference("4bf9"), { tracePrefix: "4bf9" });
  assert.deepEqual(readTraceReference(SPAN), { tracePrefix: SPAN, spanId: SPAN });
  assert.deepEqual(readTraceReference(`00-${TRACE}-${SPAN}-01`), { tracePrefix: TRACE, spanId: SPAN });
  assert.deepEqual(readTraceReference(`${TRACE}-${SPAN}-1`), { tracePrefix: TRACE, spanId: SPAN });
  assert.deepEqual(readTraceReference(`1-${TRACE.slice(0, 8)}-${TRACE.slice(8)}`), { tracePrefix: TRACE });
  assert.deepEqual(readTraceReference("4bf92f35-77b3-4da6-a3ce-929d0e0e4736"), { tracePrefix: TRACE });
});

test("a short B3 trace id is filled up as its spans are stored", () => {
  assert.equal(readTraceReference(`${SPAN}-${SPAN}`).tracePrefix, `${"0".repeat(16)}${SPAN}`);
});

test("other texts are no ids of traces or spans", () => {
  for (const text of ["", "4bf", "demo-7", `${TRACE}0`, "late-fee", `00-${TRACE}-${SPAN}`, "xyzw"])
    assert.deepEqual(readTraceReference(text), {}, text);
});
