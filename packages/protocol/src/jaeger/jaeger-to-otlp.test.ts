import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeOtlp } from "../otlp/decode.ts";
import { encodeOtlp } from "../otlp/encode.ts";
import { parseJsonText } from "../otlp/json-text.ts";
import { MalformedJson } from "../otlp/malformed-json.ts";
import type { AnyValue, Span } from "../otlp/model.ts";
import { jaegerToOtlp } from "./jaeger-to-otlp.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";

function convertText(text: string) {
  const converted = jaegerToOtlp(parseJsonText(new TextEncoder().encode(text)));
  assert.deepEqual(decodeOtlp("traces", encodeOtlp("traces", converted.data)), converted.data);
  return converted;
}

function convert(body: unknown) {
  return convertText(JSON.stringify(body));
}

/** A valid span with the given fields. */
function jaeger(fields: object = {}): object {
  return {
    traceID: TRACE,
    spanID: "b7ad6b7169203331",
    startTime: 1_763_700_000_000_001,
    duration: 20,
    ...fields,
  };
}

function only(fields: object): Span {
  const { data, rejected } = convert([{ spans: [jaeger(fields)] }]);
  assert.deepEqual(rejected, []);
  const span = data.resourceSpans?.[0]?.scopeSpans?.[0]?.spans?.[0];
  assert.ok(span !== undefined);
  return span;
}

test("every field of a downloaded trace finds its place", () => {
  const { data, rejected } = convert({
    data: [
      {
        traceID: TRACE,
        spans: [
          {
            traceID: TRACE,
            spanID: "b7ad6b7169203331",
            flags: 1,
            operationName: "GET /weather",
            references: [
              { refType: "CHILD_OF", traceID: TRACE, spanID: "00f067aa0ba902b7" },
              {
                refType: "FOLLOWS_FROM",
                traceID: "4bf92f3577b34da6a3ce929d0e0e4736",
                spanID: "a3ce929d0e0e4736",
              },
            ],
            startTime: 1_763_700_000_000_001,
            duration: 1431,
            tags: [
              { key: "span.kind", type: "string", value: "client" },
              { key: "otel.scope.name", type: "string", value: "agents" },
              { key: "otel.scope.version", type: "string", value: "1.0" },
              { key: "otel.status_code", type: "string", value: "ERROR" },
              { key: "otel.status_description", type: "string", value: "timed out" },
              { key: "error", type: "bool", value: true },
              { key: "w3c.tracestate", type: "string", value: "a=1" },
              { key: "http.status_code", type: "int64", value: 504 },
            ],
            logs: [
              {
                timestamp: 1_763_700_000_000_500,
                fields: [
                  { key: "event", type: "string", value: "exception" },
                  { key: "exception.type", type: "string", value: "Timeout" },
                ],
              },
              {
                timestamp: 1_763_700_000_000_600,
                fields: [{ key: "message", type: "string", value: "later" }],
              },
            ],
            processID: "p1",
            warnings: ["clock skew"],
          },
        ],
        processes: {
          p1: { serviceName: "planner", tags: [{ key: "host.name", type: "string", value: "h1" }] },
        },
        warnings: null,
      },
    ],
    total: 0,
    errors: null,
  });
  assert.deepEqual(rejected, []);
  assert.deepEqual(data, {
    resourceSpans: [
      {
        resource: {
          attributes: [
            { key: "service.name", value: { stringValue: "planner" } },
            { key: "host.name", value: { stringValue: "h1" } },
          ],
        },
        scopeSpans: [
          {
            scope: { name: "agents", version: "1.0" },
            spans: [
              {
                traceId: TRACE,
                spanId: "b7ad6b7169203331",
                parentSpanId: "00f067aa0ba902b7",
                links: [
                  {
                    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
                    spanId: "a3ce929d0e0e4736",
                    attributes: [{ key: "opentracing.ref_type", value: { stringValue: "follows_from" } }],
                  },
                ],
                name: "GET /weather",
                startTimeUnixNano: "1763700000000001000",
                endTimeUnixNano: "1763700000001432000",
                attributes: [
                  { key: "http.status_code", value: { intValue: "504" } },
                  {
                    key: "@jaeger@warnings",
                    value: { arrayValue: { values: [{ stringValue: "clock skew" }] } },
                  },
                ],
                events: [
                  {
                    timeUnixNano: "1763700000000500000",
                    name: "exception",
                    attributes: [{ key: "exception.type", value: { stringValue: "Timeout" } }],
                  },
                  {
                    timeUnixNano: "1763700000000600000",
                    name: "log",
                    attributes: [{ key: "message", value: { stringValue: "later" } }],
                  },
                ],
                flags: 1,
                kind: 3,
                status: { code: 2, message: "timed out" },
                traceState: "a=1",
              },
            ],
          },
        ],
      },
    ],
  });
});

test("tags keep their type, and every digit of an integer", () => {
  const value = (type: string, text: string): AnyValue | undefined => {
    const tag = `{"key":"k","type":${type},"value":${text}}`;
    const { data } = convertText(`{"spans":[{"traceID":"1","spanID":"1","startTime":1,"tags":[${tag}]}]}`);
    return data.resourceSpans?.[0]?.scopeSpans?.[0]?.spans?.[0]?.attributes?.[0]?.value;
  };
  assert.deepEqual(value('"string"', '"5"'), { stringValue: "5" });
  assert.deepEqual(value('"bool"', "false"), { boolValue: false });
  assert.deepEqual(value('"int64"', "9223372036854775807"), { intValue: "9223372036854775807" });
  assert.deepEqual(value('"int64"', '"-5"'), { intValue: "-5" });
  assert.deepEqual(value('"float64"', "3"), { doubleValue: 3 });
  assert.deepEqual(value('"float64"', '"NaN"'), { doubleValue: "NaN" });
  assert.deepEqual(value('"binary"', '"AAH+"'), { bytesValue: "AAH+" });
  assert.deepEqual(value('"string"', "5"), { stringValue: "5" });
  assert.deepEqual(value('"string"', "null"), {});
});

test("a tag whose type is missing, unknown or wrong is what its value is", () => {
  const value = (type: unknown, tagValue: unknown) =>
    only({ tags: [{ key: "k", type, value: tagValue }] }).attributes?.[0]?.value;
  assert.deepEqual(value(undefined, 5), { intValue: "5" });
  assert.deepEqual(value(null, 0.5), { doubleValue: 0.5 });
  assert.deepEqual(value("constructor", true), { boolValue: true });
  assert.deepEqual(value("int64", "many"), { stringValue: "many" });
  assert.deepEqual(value("binary", "<not base64>"), { stringValue: "<not base64>" });
  assert.deepEqual(value("string", { a: 1 }), { stringValue: '{"a":1}' });
});

test("the parent is the first CHILD_OF of the same trace, and other references are links", () => {
  const other = "4bf92f3577b34da6a3ce929d0e0e4736";
  const span = only({
    parentSpanID: "9",
    references: [
      { refType: "CHILD_OF", traceID: other, spanID: "1" },
      { refType: "CHILD_OF", traceID: TRACE, spanID: "2" },
      { refType: "CHILD_OF", traceID: TRACE, spanID: "3" },
    ],
  });
  assert.equal(span.parentSpanId, "0000000000000002");
  assert.deepEqual(
    span.links?.map(({ traceId, spanId }) => [traceId, spanId]),
    [
      [other, "0000000000000001"],
      [TRACE, "0000000000000003"],
    ],
  );
  const following = only({ references: [{ refType: "FOLLOWS_FROM", traceID: TRACE, spanID: "1" }] });
  assert.equal(following.parentSpanId, undefined);
  assert.equal(following.links?.length, 1);
});

test("without references the older parent field counts, and zero is none", () => {
  assert.equal(only({ parentSpanID: "9" }).parentSpanId, "0000000000000009");
  for (const parentSpanID of ["0", "0000000000000000", "", null, 0]) {
    assert.equal(only({ parentSpanID }).parentSpanId, undefined);
  }
});

test("ids without their leading zeros get them back, and the trace's id stands in for the span's", () => {
  assert.equal(only({ traceID: "abc" }).traceId, `${"0".repeat(29)}abc`);
  const { data } = convert({ traceID: "abc", spans: [jaeger({ traceID: undefined })] });
  assert.equal(data.resourceSpans?.[0]?.scopeSpans?.[0]?.spans?.[0]?.traceId, `${"0".repeat(29)}abc`);
});

test("an error tag is a failure unless it says false", () => {
  const status = (type: string, value: unknown) => only({ tags: [{ key: "error", type, value }] }).status;
  assert.deepEqual(status("bool", true), { code: 2 });
  assert.deepEqual(status("string", "true"), { code: 2 });
  assert.deepEqual(status("string", "refused"), { code: 2, message: "refused" });
  assert.equal(status("bool", false), undefined);
  assert.equal(only({}).kind, 1);
  assert.equal(only({}).status, undefined);
});

test("spans of one process share a resource, wherever the process is written", () => {
  const { data } = convert({
    spans: [
      jaeger({ spanID: "1", processID: "p1" }),
      jaeger({ spanID: "2", processID: "p2" }),
      jaeger({ spanID: "3", processID: "p1" }),
      jaeger({ spanID: "4", processID: "constructor" }),
      jaeger({
        spanID: "5",
        process: { serviceName: "inline", tags: [{ key: "service.name", type: "string", value: "x" }] },
      }),
    ],
    processes: { p1: { serviceName: "a", tags: [] }, p2: { serviceName: "b" } },
  });
  const groups = data.resourceSpans?.map(({ resource, scopeSpans }) => [
    resource?.attributes?.map(({ value }) => value?.stringValue).join(),
    scopeSpans?.[0]?.spans?.map(({ spanId }) => Number(spanId)).join(),
  ]);
  assert.deepEqual(groups, [
    ["a", "1,3"],
    ["b", "2"],
    [undefined, "4"],
    ["inline", "5"],
  ]);
});

test("a trace may come alone, in an array or as an answer's data", () => {
  const trace = { traceID: TRACE, spans: [jaeger()], processes: {} };
  const expected = convert(trace).data;
  assert.equal(expected.resourceSpans?.length, 1);
  for (const body of [[trace], { data: [trace] }, { data: trace }])
    assert.deepEqual(convert(body).data, expected);
  for (const body of [[], { data: [] }, { data: null, errors: [{ code: 404 }] }]) {
    assert.deepEqual(convert(body), { data: {}, rejected: [] });
  }
});

test("what is no trace is malformed", () => {
  for (const body of [null, 5, "x", {}, { data: [{}] }, [[]], { resourceSpans: [] }]) {
    assert.throws(() => jaegerToOtlp(body), MalformedJson);
  }
});

test("bad spans are named with their position over all traces and reason, and the others are kept", () => {
  const bad: readonly (readonly [unknown, string])[] = [
    [5, "expected an object, came 5"],
    [
      jaeger({ traceID: "xyz" }),
      'traceID: expected up to 32 hex digits that are not all zero, came the text "xyz"',
    ],
    [
      jaeger({ spanID: "0" }),
      'spanID: expected up to 16 hex digits that are not all zero, came the text "0"',
    ],
    [jaeger({ startTime: undefined }), "startTime: expected microseconds, came nothing"],
    [jaeger({ duration: "long" }), 'duration: expected microseconds, came the text "long"'],
    [jaeger({ operationName: {} }), "operationName: expected a text, came an object"],
    [jaeger({ tags: {} }), "tags: expected an array, came an object"],
    [jaeger({ tags: [{ key: "a" }, 1] }), "tags[1]: expected an object, came 1"],
    [jaeger({ logs: [{ fields: [] }] }), "logs[0].timestamp: expected microseconds, came nothing"],
    [
      jaeger({ references: [{ refType: "CHILD_OF" }] }),
      "references[0].spanID: expected up to 16 hex digits that are not all zero, came nothing",
    ],
    [jaeger({ processID: "p" }), "process: expected an object, came 5"],
    [jaeger({ duration: 18_000_000_000_000_000 }), "duration: the end is past what OTLP can write"],
  ];
  const traces = [
    { spans: [jaeger()] },
    { spans: bad.map(([span]) => span), processes: { p: 5 } },
    { spans: [jaeger()] },
  ];
  const { data, rejected } = jaegerToOtlp(traces);
  assert.deepEqual(
    rejected,
    bad.map(([, reason], index) => ({ index: index + 1, reason })),
  );
  assert.equal(data.resourceSpans?.flatMap(({ scopeSpans }) => scopeSpans?.[0]?.spans ?? []).length, 2);
});
