import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNaturalJson, UnreadableValue } from "./natural-json.ts";

test("an integer and a double that are equal stay apart", () => {
  assert.deepEqual(parseNaturalJson("[1,1.0,1e0,-0.0]"), {
    arrayValue: {
      values: [{ intValue: "1" }, { doubleValue: 1 }, { doubleValue: 1 }, { doubleValue: -0 }],
    },
  });
});

test("a 64-bit integer keeps every digit", () => {
  assert.deepEqual(parseNaturalJson("[9223372036854775807,-9223372036854775808]"), {
    arrayValue: { values: [{ intValue: "9223372036854775807" }, { intValue: "-9223372036854775808" }] },
  });
});

test("a map keeps the order of its members and equal keys", () => {
  assert.deepEqual(parseNaturalJson('{"b":1,"2":true,"b":{"":[]},"__proto__":"x"}'), {
    kvlistValue: {
      values: [
        { key: "b", value: { intValue: "1" } },
        { key: "2", value: { boolValue: true } },
        { key: "b", value: { kvlistValue: { values: [{ value: { arrayValue: {} } }] } } },
        { key: "__proto__", value: { stringValue: "x" } },
      ],
    },
  });
});

test("every text that JSON can write is read back", () => {
  const texts = ['"', "\\", '\\"', "a\u0000b", "\u2028", "😀", "\ud800", "tab\t", "", 'ends with \\\\"'];
  const value = parseNaturalJson(JSON.stringify(texts));
  assert.deepEqual(value, { arrayValue: { values: texts.map((stringValue) => ({ stringValue })) } });
});

test("a text of ten megabytes is read", () => {
  const long = '\\"'.repeat(5_000_000);
  const value = parseNaturalJson(JSON.stringify([long]));
  assert.equal(value.arrayValue?.values?.[0]?.stringValue, long);
});

test("whitespace between tokens means nothing", () => {
  assert.deepEqual(parseNaturalJson(' { "a" : [ 1 , false ] } '), parseNaturalJson('{"a":[1,false]}'));
});

test("what is no value is refused", () => {
  for (const text of [
    "",
    "[",
    "[1",
    "[1,]",
    '{"a"}',
    '{"a":}',
    "{1:2}",
    '"',
    "nul",
    "null",
    "[null]",
    "tru",
    "1 2",
    '["\t"]',
  ]) {
    assert.throws(() => parseNaturalJson(text), UnreadableValue, text);
  }
});
