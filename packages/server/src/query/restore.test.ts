import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeBase64 } from "@clew/protocol/otlp/base64";
import { encodeAnyValue } from "@clew/protocol/otlp/encode";
import { restoreAttributes, restoreValue } from "./restore.ts";

test("every type comes back as it was sent", () => {
  const odd = { arrayValue: { values: [{ bytesValue: "AQI=" }, { doubleValue: "NaN" as const }, {}] } };
  const restored = restoreAttributes({
    types: "sidbxamnp",
    keys: ["s", "i", "d", "b", "x", "a", "m", "n", "p"],
    values: [
      "text",
      "-9223372036854775808",
      "0.1",
      "true",
      "AQI=",
      '["x",1,1.0]',
      '{"k":false}',
      "",
      encodeBase64(encodeAnyValue(odd)),
    ],
  });
  assert.deepEqual(restored, [
    { key: "s", value: { stringValue: "text" } },
    { key: "i", value: { intValue: "-9223372036854775808" } },
    { key: "d", value: { doubleValue: 0.1 } },
    { key: "b", value: { boolValue: true } },
    { key: "x", value: { bytesValue: "AQI=" } },
    {
      key: "a",
      value: { arrayValue: { values: [{ stringValue: "x" }, { intValue: "1" }, { doubleValue: 1 }] } },
    },
    { key: "m", value: { kvlistValue: { values: [{ key: "k", value: { boolValue: false } }] } } },
    { key: "n", value: {} },
    { key: "p", value: odd },
  ]);
});

test("attributes and content interleave in the order sent", () => {
  const restored = restoreAttributes({
    types: "sSiMs",
    keys: ["a", "b", "c"],
    values: ["1", "2", "3"],
    contentKeys: ["prompt", "arguments"],
    contentValues: ["hello", '{"q":1}'],
  });
  assert.deepEqual(
    restored.map((attribute) => attribute.key),
    ["a", "prompt", "b", "arguments", "c"],
  );
  assert.deepEqual(restored[3]?.value, { kvlistValue: { values: [{ key: "q", value: { intValue: "1" } }] } });
});

test("equal keys are all kept", () => {
  const restored = restoreAttributes({ types: "ss", keys: ["k", "k"], values: ["1", "2"] });
  assert.deepEqual(restored, [
    { key: "k", value: { stringValue: "1" } },
    { key: "k", value: { stringValue: "2" } },
  ]);
});

test("doubles that JSON cannot write are written as protobuf writes them", () => {
  for (const text of ["NaN", "Infinity", "-Infinity"]) {
    assert.deepEqual(restoreValue("d", text), { doubleValue: text });
  }
  assert.ok(Object.is(restoreValue("d", "-0")?.doubleValue, -0));
});

test("a text that its type cannot be read from is shown as text", () => {
  assert.deepEqual(restoreValue("a", "[1,"), { stringValue: "[1," });
  assert.deepEqual(restoreValue("p", "no base64!"), { stringValue: "no base64!" });
});
