import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import { type HrTime, TraceFlags } from "@opentelemetry/api";
import { Batch } from "./batch.ts";
import { writeLog } from "./log-encoder.ts";
import { type SendableSpan, writeSpan } from "./span-encoder.ts";

const CONTEXT = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: TraceFlags.SAMPLED,
};
const RESOURCE = { attributes: { "service.name": "planner", "process.pid": 7 } };

function span(over: Partial<SendableSpan> = {}): SendableSpan {
  return {
    name: "work",
    kind: 2,
    spanContext: () => CONTEXT,
    startTime: [1_700_000_000, 123_456_789],
    endTime: [1_700_000_001, 1],
    status: { code: 0 },
    attributes: {},
    links: [],
    events: [],
    ...over,
  };
}

function sent(over: Partial<SendableSpan>, running = false) {
  const batch = new Batch();
  batch.add(RESOURCE, { name: "scope" }, (writer) => writeSpan(writer, span(over), running));
  return decodeOtlp("traces", batch.finish()).resourceSpans?.[0]?.scopeSpans?.[0]?.spans?.[0];
}

test("a span arrives as a decoder of OTLP understands it", () => {
  const link = { ...CONTEXT, isRemote: true, traceState: { serialize: () => "a=1" } as never };
  const got = sent({
    parentSpanContext: { ...CONTEXT, spanId: "00f067aa0ba902b7", isRemote: true },
    status: { code: 2, message: "broken" },
    attributes: {
      text: "grün 🚀",
      long: "x".repeat(100),
      int: -5,
      large: 2 ** 53 - 1,
      double: 1.5,
      yes: true,
      list: ["a", 1, null],
      nothing: undefined,
    },
    events: [{ name: "exception", time: [5, 6], attributes: { a: 1 }, droppedAttributesCount: 2 }],
    links: [{ context: link, attributes: { b: "c" } }],
    droppedAttributesCount: 3,
  });
  assert.deepEqual(got, {
    traceId: CONTEXT.traceId,
    spanId: CONTEXT.spanId,
    parentSpanId: "00f067aa0ba902b7",
    name: "work",
    kind: 3,
    startTimeUnixNano: "1700000000123456789",
    endTimeUnixNano: "1700000001000000001",
    attributes: [
      { key: "text", value: { stringValue: "grün 🚀" } },
      { key: "long", value: { stringValue: "x".repeat(100) } },
      { key: "int", value: { intValue: "-5" } },
      { key: "large", value: { intValue: "9007199254740991" } },
      { key: "double", value: { doubleValue: 1.5 } },
      { key: "yes", value: { boolValue: true } },
      { key: "list", value: { arrayValue: { values: [{ stringValue: "a" }, { intValue: "1" }, {}] } } },
    ],
    droppedAttributesCount: 3,
    events: [
      {
        timeUnixNano: "5000000006",
        name: "exception",
        attributes: [{ key: "a", value: { intValue: "1" } }],
        droppedAttributesCount: 2,
      },
    ],
    links: [
      {
        traceId: CONTEXT.traceId,
        spanId: CONTEXT.spanId,
        traceState: "a=1",
        attributes: [{ key: "b", value: { stringValue: "c" } }],
        flags: 0x301,
      },
    ],
    status: { message: "broken", code: 2 },
    flags: 0x301,
  });
});

test("times are exact to the nanosecond", () => {
  const times: [HrTime, string][] = [
    [[0, 1], "1"],
    [[4, 294_967_296], "4294967296"],
    [[1_795_262_400, 999_999_999], "1795262400999999999"],
    [[18_446_744_073, 709_551_615], "18446744073709551615"],
  ];
  for (const [startTime, text] of times) assert.equal(sent({ startTime })?.startTimeUnixNano, text);
});

test("a running span has no end, and a parent that only SDK 1 knows is kept", () => {
  const got = sent({ parentSpanId: "00f067aa0ba902b7" }, true);
  assert.equal(got?.endTimeUnixNano ?? "0", "0");
  assert.equal(got?.parentSpanId, "00f067aa0ba902b7");
});

test("records are grouped by resource and by what their scope says", () => {
  const batch = new Batch();
  const other = { attributes: { "service.name": "other" } };
  for (const [resource, name] of [
    [RESOURCE, "a"],
    [RESOURCE, "b"],
    [other, "a"],
    [RESOURCE, "a"],
  ] as const) {
    batch.add(resource, { name, version: "1" }, (writer) => writeSpan(writer, span(), false));
  }
  assert.equal(batch.count, 4);
  const groups = decodeOtlp("traces", batch.finish()).resourceSpans ?? [];
  const shape = groups.map(({ resource, scopeSpans }) => [
    resource?.attributes?.[0]?.value?.stringValue,
    scopeSpans?.map(({ scope, spans }) => `${scope?.name} ${scope?.version} ${spans?.length}`),
  ]);
  assert.deepEqual(shape, [
    ["other", ["a 1 1"]],
    ["planner", ["b 1 1", "a 1 2"]],
  ]);
});

test("a log record arrives with a body of any shape, and a cycle in it ends", () => {
  const body: Record<string, unknown> = { text: "hello", bytes: new Uint8Array([1, 2]), deep: { n: 1 } };
  body.self = body;
  const batch = new Batch();
  batch.add(RESOURCE, { name: "log" }, (writer) =>
    writeLog(writer, {
      hrTime: [1, 2],
      hrTimeObserved: [3, 4],
      spanContext: CONTEXT,
      severityNumber: 9,
      severityText: "INFO",
      eventName: "happened",
      body,
      attributes: { k: "v" },
    }),
  );
  const record = decodeOtlp("logs", batch.finish()).resourceLogs?.[0]?.scopeLogs?.[0]?.logRecords?.[0];
  assert.ok(record);
  const values = record.body?.kvlistValue?.values ?? [];
  assert.deepEqual(values.slice(0, 3), [
    { key: "text", value: { stringValue: "hello" } },
    { key: "bytes", value: { bytesValue: "AQI=" } },
    { key: "deep", value: { kvlistValue: { values: [{ key: "n", value: { intValue: "1" } }] } } },
  ]);
  assert.deepEqual(
    { ...record, body: undefined },
    {
      timeUnixNano: "1000000002",
      severityNumber: 9,
      severityText: "INFO",
      body: undefined,
      attributes: [{ key: "k", value: { stringValue: "v" } }],
      flags: 1,
      traceId: CONTEXT.traceId,
      spanId: CONTEXT.spanId,
      observedTimeUnixNano: "3000000004",
      eventName: "happened",
    },
  );
});
