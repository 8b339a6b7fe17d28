import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeyValue, Span, TracesData } from "../otlp/model.ts";
import { otlpToZipkin } from "./otlp-to-zipkin.ts";
import type { ZipkinJsonSpan } from "./zipkin-json.ts";
import { zipkinToOtlp } from "./zipkin-to-otlp.ts";

const IDS = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };

function only(span: Span): ZipkinJsonSpan {
  const [converted] = otlpToZipkin({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...IDS, ...span }] }] }] });
  assert.ok(converted !== undefined);
  return converted;
}

function text(key: string, stringValue: string): KeyValue {
  return { key, value: { stringValue } };
}

test("what can be written in Zipkin's format comes back as it was", () => {
  const data: TracesData = {
    resourceSpans: [
      {
        resource: { attributes: [text("service.name", "planner")] },
        scopeSpans: [
          {
            scope: { name: "agents", version: "1.0" },
            spans: [
              {
                ...IDS,
                traceState: "a=1",
                parentSpanId: "00f067aa0ba902b7",
                name: "get /weather",
                kind: 3,
                startTimeUnixNano: "1763700000000001000",
                endTimeUnixNano: "1763700000001432000",
                attributes: [
                  text("http.method", "GET"),
                  text("service.peer.name", "weather"),
                  text("network.peer.address", "10.0.0.7"),
                  text("network.peer.port", "8080"),
                ],
                droppedAttributesCount: 3,
                events: [
                  { timeUnixNano: "1763700000000500000", name: "wrote" },
                  {
                    timeUnixNano: "1763700000000600000",
                    name: "exception",
                    attributes: [text("exception.type", "Timeout")],
                  },
                ],
                status: { code: 2, message: "timed out" },
              },
            ],
          },
        ],
      },
    ],
  };
  assert.deepEqual(zipkinToOtlp(otlpToZipkin(data)), { data, rejected: [] });
});

test("an internal span has no kind, a span without length is a microsecond long", () => {
  const span = only({ kind: 1, startTimeUnixNano: "5000", endTimeUnixNano: "5000" });
  assert.deepEqual(span, { ...{ traceId: IDS.traceId, id: IDS.spanId }, timestamp: 5, duration: 1 });
});

test("an error without a message is true, and what is no error has no such tag", () => {
  assert.deepEqual(only({ status: { code: 2 } }).tags, { "otel.status_code": "ERROR", error: "true" });
  assert.deepEqual(only({ status: { code: 1 } }).tags, { "otel.status_code": "OK" });
});

test("the other end of a call is named by its server, that of a request is not", () => {
  const attributes = [
    text("server.address", "Db.Local"),
    { key: "server.port", value: { intValue: "5432" } },
  ];
  assert.deepEqual(only({ kind: 3, attributes }).remoteEndpoint, { serviceName: "db.local", port: 5432 });
  assert.equal(only({ kind: 2, attributes }).remoteEndpoint, undefined);
  const peer = [...attributes, text("peer.service", "orders"), text("network.peer.address", "::1")];
  assert.deepEqual(only({ kind: 3, attributes: peer }).remoteEndpoint, {
    serviceName: "orders",
    ipv6: "::1",
    port: 5432,
  });
  const address = [text("server.address", "10.1.2.3"), text("server.port", "no number")];
  assert.deepEqual(only({ kind: 4, attributes: address }).remoteEndpoint, { ipv4: "10.1.2.3" });
});

test("of equal keys the span's attribute is the tag, and any value is text", () => {
  const spans = otlpToZipkin({
    resourceSpans: [
      {
        resource: { attributes: [text("a", "resource"), text("b", "resource")] },
        scopeSpans: [
          {
            spans: [
              {
                ...IDS,
                attributes: [
                  text("a", "span"),
                  { key: "list", value: { arrayValue: { values: [{ intValue: "1" }] } } },
                  { key: "bytes", value: { bytesValue: "AA==" } },
                  { key: "none" },
                ],
                links: [{ ...IDS, traceState: "a=1", droppedAttributesCount: 2 }],
              },
            ],
          },
        ],
      },
    ],
  });
  assert.deepEqual(spans[0]?.tags, {
    a: "span",
    b: "resource",
    list: "[1]",
    bytes: "AA==",
    none: "",
    "otlp.link.0": `${IDS.traceId}|${IDS.spanId}|a=1|{}|2`,
  });
});

test("nothing is no spans", () => {
  assert.deepEqual(otlpToZipkin({}), []);
});
