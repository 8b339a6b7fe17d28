import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnyValue, Span, TracesData } from "../otlp/model.ts";
import { jaegerToOtlp } from "./jaeger-to-otlp.ts";
import { otlpToJaeger } from "./otlp-to-jaeger.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";

function traceOf(span: Span, resource = {}): TracesData {
  const whole = { traceId: TRACE, spanId: "b7ad6b7169203331", kind: 1, ...span };
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: [whole] }] }] };
}

test("what can be written in Jaeger's format comes back as it was", () => {
  const data: TracesData = {
    resourceSpans: [
      {
        resource: {
          attributes: [
            { key: "service.name", value: { stringValue: "planner" } },
            { key: "host.cores", value: { intValue: "9223372036854775807" } },
          ],
        },
        scopeSpans: [
          {
            scope: { name: "agents", version: "1.0" },
            spans: [
              {
                traceId: TRACE,
                spanId: "b7ad6b7169203331",
                traceState: "a=1",
                parentSpanId: "00f067aa0ba902b7",
                flags: 1,
                name: "GET /weather",
                kind: 3,
                startTimeUnixNano: "1763700000000001000",
                endTimeUnixNano: "1763700000001432000",
                attributes: [
                  { key: "s", value: { stringValue: "" } },
                  { key: "d", value: { doubleValue: "NaN" } },
                  { key: "b", value: { boolValue: true } },
                  { key: "x", value: { bytesValue: "AAH+" } },
                  { key: "i", value: { intValue: "-5" } },
                ],
                droppedAttributesCount: 3,
                events: [
                  {
                    timeUnixNano: "1763700000000500000",
                    name: "exception",
                    attributes: [{ key: "exception.type", value: { stringValue: "Timeout" } }],
                  },
                ],
                droppedEventsCount: 1,
                links: [
                  {
                    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
                    spanId: "a3ce929d0e0e4736",
                    attributes: [{ key: "opentracing.ref_type", value: { stringValue: "follows_from" } }],
                  },
                ],
                droppedLinksCount: 2,
                status: { code: 2, message: "timed out" },
              },
            ],
          },
        ],
      },
    ],
  };
  assert.deepEqual(jaegerToOtlp(otlpToJaeger(data)), { data, rejected: [] });
});

test("lists, maps and nothing are text, which is all that the format has for them", () => {
  const tagOf = (value: AnyValue | undefined) =>
    otlpToJaeger(traceOf({ attributes: [{ key: "k", ...(value && { value }) }] })).spans[0]?.tags[0];
  const list = { arrayValue: { values: [{ intValue: "1" }, {}, { bytesValue: "AA==" }] } };
  assert.deepEqual(tagOf(list), { key: "k", type: "string", value: '[1,null,"AA=="]' });
  const map = { kvlistValue: { values: [{ key: "a", value: { boolValue: true } }] } };
  assert.deepEqual(tagOf(map), { key: "k", type: "string", value: '{"a":true}' });
  assert.deepEqual(tagOf({}), { key: "k", type: "string", value: "" });
  assert.deepEqual(tagOf(undefined), { key: "k", type: "string", value: "" });
});

test("a span that ends before it starts has no length, and one without times is at the epoch", () => {
  const [backwards] = otlpToJaeger(
    traceOf({ startTimeUnixNano: "2000000", endTimeUnixNano: "1000000" }),
  ).spans;
  assert.deepEqual([backwards?.startTime, backwards?.duration], [2000, 0]);
  const [timeless] = otlpToJaeger(traceOf({})).spans;
  assert.deepEqual([timeless?.startTime, timeless?.duration], [0, 0]);
});

test("equal processes are one, a service without a name has Jaeger's word for it", () => {
  const [span] = traceOf({}).resourceSpans!;
  const trace = otlpToJaeger({
    resourceSpans: [
      span!,
      { ...span! },
      ...traceOf({}, { attributes: [{ key: "service.name", value: { stringValue: "a" } }] }).resourceSpans!,
    ],
  });
  assert.deepEqual(trace.processes, {
    p1: { serviceName: "missing-service-name", tags: [] },
    p2: { serviceName: "a", tags: [] },
  });
  assert.deepEqual(
    trace.spans.map(({ processID }) => processID),
    ["p1", "p1", "p2"],
  );
});

test("an event whose attribute is called event keeps that one alone", () => {
  const attributes = [{ key: "event", value: { stringValue: "mine" } }];
  const [span] = otlpToJaeger(traceOf({ events: [{ name: "log", attributes }] })).spans;
  assert.deepEqual(span?.logs, [{ timestamp: 0, fields: [{ key: "event", type: "string", value: "mine" }] }]);
});

test("nothing is a trace without spans", () => {
  assert.deepEqual(otlpToJaeger({}), { traceID: "", spans: [], processes: {}, warnings: null });
});
