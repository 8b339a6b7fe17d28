import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { Span } from "@clew/protocol/otlp/model";
import { inspect } from "./inspect.ts";
import { WireError } from "./wire.ts";

const GOOD: Span = {
  traceId: "0102030405060708090a0b0c0d0e0f10",
  spanId: "0102030405060708",
  name: "chat",
  startTimeUnixNano: "1700000000000000000",
  endTimeUnixNano: "1700000001000000000",
};

function inspected(...spans: Span[]) {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "planner" } }] };
  return inspect(
    "traces",
    Buffer.from(encodeOtlp("traces", { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })),
  );
}

test("a request without fault is counted, and its service named", () => {
  assert.deepEqual(inspected(GOOD, { ...GOOD, spanId: "0102030405060709" }), {
    records: 2,
    rejected: 0,
    message: "",
    service: "planner",
  });
});

test("an empty request has no records", () => {
  assert.deepEqual(inspect("traces", Buffer.alloc(0)), { records: 0, rejected: 0, message: "", service: "" });
});

const BAD: readonly (readonly [string, Span, RegExp])[] = [
  ["a trace id of zeros", { ...GOOD, traceId: "0".repeat(32) }, /trace id must be 16 bytes .* \(got zeros\)/],
  ["a missing trace id", { ...GOOD, traceId: "" }, /\(got none\)/],
  ["a short trace id", { ...GOOD, traceId: "01020304" }, /\(got 4 bytes\)/],
  ["a span id of zeros", { ...GOOD, spanId: "0".repeat(16) }, /span id must be 8 bytes/],
  ["a long span id", { ...GOOD, spanId: "01".repeat(9) }, /\(got 9 bytes\)/],
  ["a name of a megabyte", { ...GOOD, name: "x".repeat(1_000_000) }, /name has 1000000 bytes/],
  ["a negative start", { ...GOOD, startTimeUnixNano: "18446744073709551615" }, /start time is negative/],
];

for (const [what, span, reason] of BAD) {
  test(`${what} rejects that span alone, with its place`, () => {
    const { records, rejected, message } = inspected(GOOD, span, GOOD);
    assert.deepEqual([records, rejected], [3, 1]);
    assert.match(message, /^1 span rejected; first: resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[1\] /);
    assert.match(message, reason);
  });
}

test("a span that ends before it starts is kept, with a warning", () => {
  const { rejected, message } = inspected({ ...GOOD, endTimeUnixNano: "1600000000000000000" });
  assert.equal(rejected, 0);
  assert.match(message, /ends before it starts; kept/);
});

test("a span that has not ended is no cause for a warning", () => {
  assert.equal(inspected({ ...GOOD, endTimeUnixNano: "0" }).message, "");
});

test("a parent id of the wrong length is left out, with a warning", () => {
  assert.match(inspected({ ...GOOD, parentSpanId: "0102" }).message, /parent span id has 2 bytes/);
});

test("a request that is cut off anywhere is recognised or shorter, never read past its end", () => {
  const whole = Buffer.from(encodeOtlp("traces", { resourceSpans: [{ scopeSpans: [{ spans: [GOOD] }] }] }));
  for (let length = 1; length < whole.length; length++) {
    assert.throws(() => inspect("traces", whole.subarray(0, length)), WireError);
  }
});

test("log records and data points of every kind are counted", () => {
  const logs = encodeOtlp("logs", {
    resourceLogs: [{ scopeLogs: [{ logRecords: [{}, { severityNumber: 9 }] }] }],
  });
  assert.equal(inspect("logs", Buffer.from(logs)).records, 2);
  const metrics = [
    { name: "a", gauge: { dataPoints: [{ asInt: "1" }, { asInt: "2" }] } },
    { name: "b", sum: { dataPoints: [{ asDouble: 1 }], isMonotonic: true } },
    { name: "c", histogram: { dataPoints: [{ count: "1" }] } },
    { name: "d", exponentialHistogram: { dataPoints: [{ count: "1" }] } },
    { name: "e", summary: { dataPoints: [{ count: "1" }] } },
  ];
  const bytes = encodeOtlp("metrics", { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
  assert.equal(inspect("metrics", Buffer.from(bytes)).records, 6);
});
