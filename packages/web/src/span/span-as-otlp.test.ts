import assert from "node:assert/strict";
import { test } from "node:test";
import type { SpanDetail } from "@clew/protocol/api/span-detail";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import { spanAsOtlp } from "./span-as-otlp.ts";

const detail = {
  traceId: "ab".repeat(16),
  spanId: "cd".repeat(8),
  parentSpanId: "",
  traceState: "",
  flags: 257,
  name: "chat",
  kind: 3,
  startNanos: "1790000000000000001",
  endNanos: "1790000000000000002",
  status: "error",
  statusMessage: "",
  attributes: [
    { key: "n", value: { intValue: "9007199254740993" } },
    { key: "x", value: { doubleValue: 1 } },
  ],
  droppedAttributesCount: 2,
  events: [],
  droppedEventsCount: 0,
  links: [],
  droppedLinksCount: 0,
  resource: {
    schemaUrl: "",
    attributes: [{ key: "service.name", value: { stringValue: "shop" } }],
    droppedAttributesCount: 0,
    entityRefs: [],
  },
  scope: {
    schemaUrl: "https://opentelemetry.io/schemas/1.37.0",
    name: "agents",
    version: "",
    attributes: [],
    droppedAttributesCount: 0,
  },
} as unknown as SpanDetail;

test("a span is OTLP again, with types kept and defaults left out", () => {
  assert.deepEqual(spanAsOtlp(detail), {
    resourceSpans: [
      {
        resource: { attributes: detail.resource.attributes },
        scopeSpans: [
          {
            scope: { name: "agents" },
            spans: [
              {
                traceId: detail.traceId,
                spanId: detail.spanId,
                flags: 257,
                name: "chat",
                kind: 3,
                startTimeUnixNano: detail.startNanos,
                endTimeUnixNano: detail.endNanos,
                attributes: detail.attributes,
                droppedAttributesCount: 2,
                status: { code: 2 },
              },
            ],
            schemaUrl: detail.scope.schemaUrl,
          },
        ],
      },
    ],
  });
  assert.ok(encodeOtlp("traces", spanAsOtlp(detail)).length > 0);
});
