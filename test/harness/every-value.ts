import type { AnyValue, KeyValue, TracesData } from "@clew/protocol/otlp/model";

const SCALARS: Record<string, AnyValue> = {
  string: { stringValue: "plain" },
  "empty string": { stringValue: "" },
  letters: { stringValue: "größer 模型 🧵 \u0000 \u202e \ufeff\r\n\t\\\"'" },
  "longer than an index entry": { stringValue: "0123456789abcdef".repeat(200) },
  true: { boolValue: true },
  false: { boolValue: false },
  "zero int": { intValue: "0" },
  "largest int": { intValue: "9223372036854775807" },
  "least int": { intValue: "-9223372036854775808" },
  "beyond a double": { intValue: "9007199254740993" },
  "one point zero": { doubleValue: 1 },
  "zero point zero": { doubleValue: 0 },
  "negative zero": { doubleValue: -0 },
  tenth: { doubleValue: 0.1 },
  "least double": { doubleValue: 5e-324 },
  "largest double": { doubleValue: 1.7976931348623157e308 },
  "whole and large": { doubleValue: 1e21 },
  "not a number": { doubleValue: "NaN" },
  infinite: { doubleValue: "Infinity" },
  "minus infinite": { doubleValue: "-Infinity" },
  bytes: { bytesValue: "AAH+/w==" },
  "no bytes": { bytesValue: "" },
  empty: {},
};

function entries(values: Readonly<Record<string, AnyValue>>): KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

function nested(depth: number): AnyValue {
  let value: AnyValue = { stringValue: "bottom" };
  for (let level = 0; level < depth; level++) {
    value =
      level % 2 === 0
        ? { arrayValue: { values: [value, { intValue: String(level) }] } }
        : { kvlistValue: { values: [{ key: `level ${level}`, value }] } };
  }
  return value;
}

/** Every type of value, alone and nested, and what makes a list of them hard to keep: repeats, gaps, order. */
export const ATTRIBUTES: readonly KeyValue[] = [
  ...entries(SCALARS),
  { key: "array of all", value: { arrayValue: { values: Object.values(SCALARS) } } },
  { key: "map of all", value: { kvlistValue: { values: entries(SCALARS) } } },
  { key: "plain array", value: { arrayValue: { values: [{ stringValue: "a" }, { stringValue: "b" }] } } },
  { key: "doubles", value: { arrayValue: { values: [{ doubleValue: 1 }, { intValue: "1" }] } } },
  { key: "no items", value: { arrayValue: {} } },
  { key: "no entries", value: { kvlistValue: {} } },
  {
    key: "repeated keys",
    value: {
      kvlistValue: {
        values: [
          { key: "twice", value: { stringValue: "a" } },
          { key: "twice", value: { stringValue: "b" } },
          { key: "10", value: { intValue: "1" } },
          { key: "9", value: { intValue: "2" } },
          { key: "__proto__", value: { stringValue: "c" } },
        ],
      },
    },
  },
  { key: "deep", value: nested(60) },
  { key: "string", value: { stringValue: "the key again" } },
  { key: "string", value: { intValue: "3" } },
  { value: { stringValue: "without a key" } },
  { key: "without a value" },
  { key: "__proto__", value: { stringValue: "a key like any other" } },
  { key: "gen_ai.prompt", value: { stringValue: '[{"role":"user"}]' } },
  { key: "gen_ai.completion", value: nested(3) },
  { key: "gen_ai.tool.call.arguments", value: { bytesValue: "AAEC" } },
];

const MOST = 4_294_967_295;

/** Spans that together use every field of OTLP's trace signal, with values at their edges. */
export function everything(traceId: string): TracesData {
  const attributes = [...ATTRIBUTES];
  const service: KeyValue = { key: "service.name", value: { stringValue: "everything" } };
  return {
    resourceSpans: [
      {
        resource: {
          attributes: [service, ...attributes],
          droppedAttributesCount: MOST,
          entityRefs: [
            {
              schemaUrl: "https://entity",
              type: "service",
              idKeys: ["service.name"],
              descriptionKeys: ["a", ""],
            },
          ],
        },
        schemaUrl: "https://opentelemetry.io/schemas/1.40.0",
        scopeSpans: [
          {
            scope: { name: "clew.fidelity", version: "1", attributes, droppedAttributesCount: 2 },
            schemaUrl: "https://opentelemetry.io/schemas/1.39.0",
            spans: [
              {
                traceId,
                spanId: "b7ad6b7169203331",
                traceState: "vendor=1,other=two",
                parentSpanId: "00f067aa0ba902b7",
                flags: MOST,
                name: "chat größer 模型 🧵",
                kind: 5,
                startTimeUnixNano: "1763700000000000001",
                endTimeUnixNano: "1763700001500000002",
                attributes,
                droppedAttributesCount: MOST,
                events: [
                  {
                    timeUnixNano: "1763700000700000003",
                    name: "exception",
                    attributes,
                    droppedAttributesCount: 4,
                  },
                  { name: "no time" },
                  { timeUnixNano: "1" },
                  {},
                ],
                droppedEventsCount: MOST,
                links: [
                  {
                    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
                    spanId: "a3ce929d0e0e4736",
                    traceState: "linked=1",
                    attributes,
                    droppedAttributesCount: 6,
                    flags: MOST,
                  },
                  { traceId, spanId: "b7ad6b7169203331" },
                ],
                droppedLinksCount: MOST,
                status: { message: "deadline exceeded", code: 2 },
              },
              { traceId, spanId: "0000000000000001" },
              {
                traceId,
                spanId: "0000000000000002",
                endTimeUnixNano: "1763700000000000000",
                status: { code: 1 },
              },
              {
                traceId,
                spanId: "0000000000000003",
                startTimeUnixNano: "1763700000000000000",
                name: "not ended",
              },
              {
                traceId,
                spanId: "0000000000000005",
                name: "at the end of time",
                startTimeUnixNano: "9223372036854775807",
                endTimeUnixNano: "9223372036854775807",
                kind: 200,
                status: { code: 200, message: "a code of the future" },
              },
            ],
          },
          { spans: [{ traceId, spanId: "0000000000000006", name: "without a scope" }] },
        ],
      },
      { scopeSpans: [{ spans: [{ traceId, spanId: "0000000000000007", name: "without a resource" }] }] },
    ],
  };
}
