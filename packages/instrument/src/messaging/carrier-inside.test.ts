import assert from "node:assert/strict";
import { test } from "node:test";
import { carrierInside } from "./carrier-inside.ts";

const CARRIER = { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`, baggage: "session.id=s" };

test("a carrier inside a message is found as text and as bytes", () => {
  const body = JSON.stringify({ data: 1, trace_context: { ...CARRIER, other: "x", tracestate: 7 } });
  assert.deepEqual(carrierInside(body), CARRIER);
  assert.deepEqual(carrierInside(new TextEncoder().encode(body)), CARRIER);
});

test("a body without a carrier has none", () => {
  const bodies = [
    null,
    undefined,
    "",
    "trace_context",
    '{"trace_context":null}',
    '{"trace_context":"x"}',
    "null",
  ];
  for (const body of bodies) assert.deepEqual(carrierInside(body), {});
  assert.deepEqual(carrierInside(JSON.stringify(["trace_context", { trace_context: CARRIER }])), {});
});
