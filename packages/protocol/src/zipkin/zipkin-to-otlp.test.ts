import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeOtlp } from "../otlp/decode.ts";
import { encodeOtlp } from "../otlp/encode.ts";
import { parseJsonText } from "../otlp/json-text.ts";
import { MalformedJson } from "../otlp/malformed-json.ts";
import type { Span } from "../otlp/model.ts";
import { zipkinToOtlp } from "./zipkin-to-otlp.ts";

const TRACE = "5af7183fb1d4cf5f";
const PADDED = `0000000000000000${TRACE}`;

function convert(...spans: object[]) {
  const converted = zipkinToOtlp(parseJsonText(new TextEncoder().encode(JSON.stringify(spans))));
  assert.deepEqual(decodeOtlp("traces", encodeOtlp("traces", converted.data)), converted.data);
  return converted;
}

/** A valid span with the given fields. */
function zipkin(fields: object = {}): object {
  return { traceId: TRACE, id: "352bff9a74ca9ad2", timestamp: 1_763_700_000_000_001, ...fields };
}

function only(fields: object): Span {
  const { data, rejected } = convert(zipkin(fields));
  assert.deepEqual(rejected, []);
  const span = data.resourceSpans?.[0]?.scopeSpans?.[0]?.spans?.[0];
  assert.ok(span !== undefined);
  return span;
}

test("every field of a span finds its place", () => {
  const { data, rejected } = convert({
    traceId: "5AF7183FB1D4CF5F",
    parentId: "6b221d5bc9e6496c",
    id: "352bff9a74ca9ad2",
    kind: "CLIENT",
    name: "get /weather",
    timestamp: 1_763_700_000_000_001,
    duration: 1431,
    localEndpoint: { serviceName: "planner", ipv4: "127.0.0.1", port: 3306 },
    remoteEndpoint: { serviceName: "weather", ipv6: "2001:db8::1", port: 9000 },
    annotations: [
      { timestamp: 1_763_700_000_000_500, value: "retry" },
      {
        timestamp: 1_763_700_000_000_600,
        value: '"exception": {"exception.type":"Timeout","attempt":2,"fatal":false,"ratio":0.5}',
      },
    ],
    tags: { "http.method": "GET", "session.id": "s-1" },
    debug: true,
  });
  assert.deepEqual(rejected, []);
  assert.deepEqual(data, {
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "planner" } }] },
        scopeSpans: [
          {
            spans: [
              {
                traceId: PADDED,
                spanId: "352bff9a74ca9ad2",
                parentSpanId: "6b221d5bc9e6496c",
                name: "get /weather",
                startTimeUnixNano: "1763700000000001000",
                endTimeUnixNano: "1763700000001432000",
                events: [
                  { timeUnixNano: "1763700000000500000", name: "retry" },
                  {
                    timeUnixNano: "1763700000000600000",
                    name: "exception",
                    attributes: [
                      { key: "exception.type", value: { stringValue: "Timeout" } },
                      { key: "attempt", value: { intValue: "2" } },
                      { key: "fatal", value: { boolValue: false } },
                      { key: "ratio", value: { doubleValue: 0.5 } },
                    ],
                  },
                ],
                attributes: [
                  { key: "http.method", value: { stringValue: "GET" } },
                  { key: "session.id", value: { stringValue: "s-1" } },
                  { key: "service.peer.name", value: { stringValue: "weather" } },
                  { key: "network.peer.address", value: { stringValue: "2001:db8::1" } },
                  { key: "network.peer.port", value: { intValue: "9000" } },
                  { key: "network.local.address", value: { stringValue: "127.0.0.1" } },
                  { key: "network.local.port", value: { intValue: "3306" } },
                  { key: "zipkin.debug", value: { boolValue: true } },
                ],
                kind: 3,
              },
            ],
          },
        ],
      },
    ],
  });
});

test("the kind is Zipkin's, else that of a span.kind tag, else internal", () => {
  assert.equal(only({ kind: "SERVER" }).kind, 2);
  assert.equal(only({ kind: "PRODUCER" }).kind, 4);
  assert.equal(only({ kind: "CONSUMER" }).kind, 5);
  assert.equal(only({ tags: { "span.kind": "server" } }).kind, 2);
  assert.equal(only({}).kind, 1);
});

test("ids shorter than OTLP's get zeros in front", () => {
  const span = only({ traceId: "1", id: "a", parentId: "B" });
  assert.deepEqual(
    [span.traceId, span.spanId, span.parentSpanId],
    [`${"0".repeat(31)}1`, "000000000000000a", "000000000000000b"],
  );
  assert.equal(
    only({ traceId: "463ac35c9f6413ad48485a3953bb6124" }).traceId,
    "463ac35c9f6413ad48485a3953bb6124",
  );
});

test("an error tag is a failure and its text the message", () => {
  assert.deepEqual(only({ tags: { error: "connection refused" } }).status, {
    code: 2,
    message: "connection refused",
  });
  assert.deepEqual(only({ tags: { error: "" } }).status, { code: 2 });
  assert.deepEqual(only({ tags: { error: "true" } }).status, { code: 2 });
  assert.deepEqual(only({ tags: { error: "why", "otel.status_code": "ERROR" } }).status, {
    code: 2,
    message: "why",
  });
  assert.equal(only({ tags: { error: "false" } }).status, undefined);
  assert.equal(only({ tags: { error: "x" } }).attributes, undefined);
});

test("a status code tag decides over an error tag, which then stays", () => {
  const span = only({ tags: { "otel.status_code": "OK", error: "handled" } });
  assert.deepEqual(span.status, { code: 1 });
  assert.deepEqual(span.attributes, [{ key: "error", value: { stringValue: "handled" } }]);
  assert.deepEqual(only({ tags: { "otel.status_code": "toString" } }).attributes, [
    { key: "otel.status_code", value: { stringValue: "toString" } },
  ]);
});

test("tags that stand for OTLP fields become these fields", () => {
  const tags = {
    "otel.scope.name": "agents",
    "otel.scope.version": "1.0",
    "w3c.tracestate": "a=1",
    "otel.dropped_attributes_count": "3",
    "otel.dropped_links_count": "x",
  };
  const [group] = convert(zipkin({ tags }), zipkin({ id: "1" })).data.resourceSpans ?? [];
  assert.deepEqual(
    group?.scopeSpans?.map(({ scope }) => scope),
    [{ name: "agents", version: "1.0" }, undefined],
  );
  const span = group?.scopeSpans?.[0]?.spans?.[0];
  assert.equal(span?.traceState, "a=1");
  assert.equal(span?.droppedAttributesCount, 3);
  assert.deepEqual(span?.attributes, [{ key: "otel.dropped_links_count", value: { stringValue: "x" } }]);
});

test("spans of one service share a resource, and one without a service has an empty one", () => {
  const { data } = convert(
    zipkin({ id: "1", localEndpoint: { serviceName: "a" } }),
    zipkin({ id: "2", localEndpoint: { serviceName: "b" } }),
    zipkin({ id: "3", localEndpoint: { serviceName: "a", port: 0 } }),
    zipkin({ id: "4", localEndpoint: null }),
  );
  assert.deepEqual(
    data.resourceSpans?.map(({ resource, scopeSpans }) => [
      resource?.attributes?.length,
      scopeSpans?.[0]?.spans?.length,
    ]),
    [
      [1, 2],
      [1, 1],
      [undefined, 1],
    ],
  );
});

test("tags win over endpoints, and tags that are no texts are written as JSON writes them", () => {
  const span = only({
    remoteEndpoint: { serviceName: "other", ipv4: "10.0.0.1" },
    tags: {
      "peer.service": "mine",
      "network.peer.address": "10.0.0.2",
      count: 3,
      none: null,
      list: ["a"],
      ["__proto__"]: "kept",
    },
  });
  assert.deepEqual(
    span.attributes?.map(({ key, value }) => [key, value?.stringValue]),
    [
      ["peer.service", "mine"],
      ["network.peer.address", "10.0.0.2"],
      ["count", "3"],
      ["list", '["a"]'],
      ["__proto__", "kept"],
    ],
  );
});

test("without a duration a span ends where it starts, and without a time it starts at its first annotation", () => {
  assert.equal(only({}).endTimeUnixNano, "1763700000000001000");
  const annotations = [
    { timestamp: 30, value: "b" },
    { timestamp: 20, value: "a" },
  ];
  for (const timestamp of [undefined, null, 0]) {
    assert.equal(only({ timestamp, annotations, duration: 5 }).startTimeUnixNano, "20000");
  }
  assert.equal(only({ timestamp: "1763700000000001", duration: "2" }).endTimeUnixNano, "1763700000000003000");
});

test("an annotation that only looks like an event with attributes is a name", () => {
  for (const value of ['"a": {broken}', '"a": [1]', 'a: {"b":1}', `"${"x".repeat(70_000)}": {"a":1}`]) {
    assert.deepEqual(only({ annotations: [{ timestamp: 1, value }] }).events, [
      { timeUnixNano: "1000", name: value },
    ]);
  }
});

const CLIENT = zipkin({ id: "a", kind: "CLIENT", localEndpoint: { serviceName: "planner" } });
const SERVER = zipkin({ id: "a", kind: "SERVER", shared: true, localEndpoint: { serviceName: "weather" } });

/** Span ids and parents by name. */
function family(...spans: object[]): Map<string, Span> {
  const all =
    convert(...spans).data.resourceSpans?.flatMap(({ scopeSpans }) => scopeSpans?.[0]?.spans ?? []) ?? [];
  return new Map(all.map((span) => [span.name ?? "", span]));
}

test("a server that shares its client's id gets its own, under the client", () => {
  const spans = family(
    { ...CLIENT, name: "client", parentId: "99" },
    { ...SERVER, name: "server", parentId: "99" },
    zipkin({ name: "in server", id: "b", parentId: "a", localEndpoint: { serviceName: "weather" } }),
    zipkin({ name: "in client", id: "c", parentId: "a", localEndpoint: { serviceName: "planner" } }),
    zipkin({
      name: "other trace",
      traceId: "77",
      id: "d",
      parentId: "a",
      localEndpoint: { serviceName: "weather" },
    }),
  );
  const server = spans.get("server");
  assert.equal(spans.get("client")?.spanId, "000000000000000a");
  assert.equal(spans.get("client")?.parentSpanId, "0000000000000099");
  assert.notEqual(server?.spanId, "000000000000000a");
  assert.match(server?.spanId ?? "", /^[0-9a-f]{16}$/);
  assert.equal(server?.parentSpanId, "000000000000000a");
  assert.equal(spans.get("in server")?.parentSpanId, server?.spanId);
  assert.equal(spans.get("in client")?.parentSpanId, "000000000000000a");
  assert.equal(spans.get("other trace")?.parentSpanId, "000000000000000a");
});

test("a shared server gets the same id when it is sent again, alone or without saying that it shares", () => {
  const together = family({ ...CLIENT, name: "client" }, { ...SERVER, name: "server" }).get("server");
  const alone = family({ ...SERVER, name: "server" }).get("server");
  const silent = family({ ...SERVER, name: "server", shared: false }, { ...CLIENT, name: "client" }).get(
    "server",
  );
  assert.deepEqual(alone, together);
  assert.deepEqual(silent, together);
  const elsewhere = family({ ...SERVER, name: "server", localEndpoint: { serviceName: "news" } }).get(
    "server",
  );
  assert.notEqual(elsewhere?.spanId, together?.spanId);
});

test("a server with an id of its own keeps it", () => {
  const spans = family({ ...SERVER, name: "server", shared: false, parentId: "99" });
  assert.equal(spans.get("server")?.spanId, "000000000000000a");
  assert.equal(spans.get("server")?.parentSpanId, "0000000000000099");
});

test("bad spans are named with their position and reason, and the others are kept", () => {
  const bad: readonly (readonly [object | string | null, string])[] = [
    [null, "expected an object, came null"],
    ["span", 'expected an object, came the text "span"'],
    [
      zipkin({ traceId: undefined }),
      "traceId: expected up to 32 hex digits that are not all zero, came nothing",
    ],
    [
      zipkin({ traceId: "0".repeat(16) }),
      'traceId: expected up to 32 hex digits that are not all zero, came the text "0000000000000000"',
    ],
    [
      zipkin({ id: "12345678901234567" }),
      'id: expected up to 16 hex digits that are not all zero, came the text "12345678901234567"',
    ],
    [zipkin({ id: 5 }), "id: expected up to 16 hex digits that are not all zero, came 5"],
    [
      zipkin({ parentId: "xyz" }),
      'parentId: expected up to 16 hex digits that are not all zero, came the text "xyz"',
    ],
    [zipkin({ timestamp: undefined }), "timestamp: expected microseconds, came nothing"],
    [zipkin({ timestamp: "now" }), 'timestamp: expected microseconds, came the text "now"'],
    [zipkin({ duration: -5 }), "duration: expected microseconds, came -5"],
    [zipkin({ duration: 18_000_000_000_000_000 }), "duration: the end is past what OTLP can write"],
    [zipkin({ name: 1 }), "name: expected a text, came 1"],
    [zipkin({ annotations: {} }), "annotations: expected an array, came an object"],
    [
      zipkin({ annotations: [{ value: "v" }] }),
      "annotations[0].timestamp: expected microseconds, came nothing",
    ],
    [zipkin({ localEndpoint: { port: 99_999 } }), "localEndpoint.port: expected a port, came 99999"],
    [zipkin({ tags: [] }), "tags: expected an object, came an empty array"],
  ];
  const { data, rejected } = zipkinToOtlp([zipkin(), ...bad.map(([span]) => span), zipkin({ id: "2" })]);
  assert.deepEqual(
    rejected,
    bad.map(([, reason], index) => ({ index: index + 1, reason })),
  );
  assert.equal(data.resourceSpans?.[0]?.scopeSpans?.[0]?.spans?.length, 2);
});

test("no spans are an empty request, and what is no array is malformed", () => {
  assert.deepEqual(zipkinToOtlp([]), { data: {}, rejected: [] });
  for (const body of [null, {}, "x", { resourceSpans: [] }])
    assert.throws(() => zipkinToOtlp(body), MalformedJson);
});
