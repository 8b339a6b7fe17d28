import type { AnyValue, KeyValue } from "@clew/protocol/otlp/model";

/** One of each kind, with those that are easily lost. */
const VALUES: AnyValue[] = [
  { stringValue: "" },
  { stringValue: 'with " quotes, \\ slashes, \u0000 and 😀' },
  { stringValue: "long ".repeat(1000) },
  { intValue: "9223372036854775807" },
  { intValue: "-1" },
  { doubleValue: 1 },
  { doubleValue: 0.1 },
  { doubleValue: 1e300 },
  { doubleValue: "NaN" },
  { doubleValue: "-Infinity" },
  { boolValue: true },
  { boolValue: false },
  { bytesValue: "AP8Q" },
  { arrayValue: {} },
  { arrayValue: { values: [{ intValue: "1" }, { doubleValue: 1 }, { stringValue: "1" }] } },
  { arrayValue: { values: [{ bytesValue: "AQ==" }, {}, { doubleValue: "Infinity" }] } },
  { kvlistValue: {} },
  {
    kvlistValue: {
      values: [
        {
          key: "b",
          value: { arrayValue: { values: [{ kvlistValue: { values: [{ value: { boolValue: true } }] } }] } },
        },
        { key: "a", value: { intValue: "9007199254740993" } },
        { key: "b", value: { stringValue: "again" } },
      ],
    },
  },
  {},
];

/** A key for each value, content, and a key that comes twice. */
export const ATTRIBUTES: KeyValue[] = [
  ...VALUES.map((value, index) => ({ key: `key ${index}`, value })),
  {
    key: "gen_ai.input.messages",
    value: { stringValue: '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]' },
  },
  { key: "twice", value: { stringValue: "1" } },
  { key: "twice", value: { intValue: "2" } },
];
