import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Signal } from "../signal.ts";
import { decodeAnyValue, decodeOtlp, decodeResource, decodeScope } from "./decode.ts";
import type { Message } from "./descriptor.ts";
import { encodeAnyValue, encodeOtlp, encodeResource, encodeScope } from "./encode.ts";
import { randomData } from "./fixtures/random-data.ts";
import type { AnyValue, TracesData } from "./model.ts";
import { REQUESTS } from "./schema.ts";

const SIGNALS: readonly Signal[] = ["traces", "logs", "metrics"];

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

for (const signal of SIGNALS) {
  test(`every field of ${signal} is written byte for byte as another library writes it`, () => {
    const read = (type: string) =>
      readFileSync(new URL(`fixtures/${signal}.${type}`, import.meta.url), "utf8");
    assert.equal(hex(encodeOtlp(signal, JSON.parse(read("json")))), read("hex").replaceAll("\n", ""));
  });

  test(`random ${signal} come back as they were`, () => {
    let sizeBytes = 0;
    for (let seed = 1; seed <= 150; seed += 1) {
      const data = randomData(signal, seed);
      const wire = encodeOtlp(signal, data);
      assert.deepEqual(decodeOtlp(signal, wire), data, `seed ${seed}`);
      sizeBytes += wire.length;
    }
    assert.ok(sizeBytes > 20_000, `${sizeBytes}`);
  });
}

/** `Message.field` of every field that the data sets. */
function fieldsOf(message: Message, data: object, found = new Set<string>()): Set<string> {
  for (const [name, value] of Object.entries(data)) {
    const field = message.byKey.get(name);
    found.add(`${message.name}.${name}`);
    if (field?.message !== undefined) for (const item of [value].flat()) fieldsOf(field.message, item, found);
  }
  return found;
}

function allFields(message: Message, found = new Set<string>()): Set<string> {
  for (const { name, message: inner } of message.fields) {
    const known = found.size;
    found.add(`${message.name}.${name}`);
    if (inner !== undefined && found.size > known) allFields(inner, found);
  }
  return found;
}

test("the fixtures set every field there is", () => {
  const set = new Set<string>();
  const all = new Set<string>();
  for (const signal of SIGNALS) {
    const text = readFileSync(new URL(`fixtures/${signal}.json`, import.meta.url), "utf8");
    fieldsOf(REQUESTS[signal], JSON.parse(text), set);
    allFields(REQUESTS[signal], all);
  }
  assert.deepEqual([...set].sort(), [...all].sort());
});

test("an empty request is zero bytes", () => {
  assert.equal(encodeOtlp("traces", {}).length, 0);
  assert.equal(encodeOtlp("traces", { resourceSpans: [] }).length, 0);
});

test("defaults are left out, except where they carry presence", () => {
  assert.equal(hex(encodeScope({ name: "", droppedAttributesCount: 0 })), "");
  assert.equal(hex(encodeAnyValue({ intValue: "0" })), "1800");
  assert.equal(hex(encodeAnyValue({ stringValue: "" })), "0a00");
  assert.equal(hex(encodeAnyValue({ boolValue: false })), "1000");
  assert.equal(hex(encodeAnyValue({ doubleValue: 0 })), "210000000000000000");
  assert.equal(hex(encodeAnyValue({ doubleValue: -0 })), "210000000000000080");
  assert.equal(hex(encodeAnyValue({ bytesValue: "" })), "3a00");
  assert.equal(hex(encodeAnyValue({ arrayValue: {} })), "2a00");
  assert.equal(hex(encodeAnyValue({})), "");
});

test("resources and scopes come back alone", () => {
  const attributes = [{ key: "a", value: { intValue: "-1" } }];
  const resource = { attributes, entityRefs: [{ type: "service", idKeys: ["a", ""] }] };
  assert.deepEqual(decodeResource(encodeResource(resource)), resource);
  assert.deepEqual(decodeScope(encodeScope({ name: "0", attributes })), { name: "0", attributes });
});

test("texts of every length around the limits of the writer come back", () => {
  for (const character of ["a", "é", "模", "🧵"]) {
    for (const length of [1, 31, 32, 47, 48, 49, 127, 128, 300, 16_383, 16_384, 100_000]) {
      const value = { stringValue: character.repeat(length) };
      assert.deepEqual(decodeAnyValue(encodeAnyValue(value)), value);
    }
  }
});

test("a lone surrogate is written as U+FFFD", () => {
  assert.deepEqual(decodeAnyValue(encodeAnyValue({ stringValue: "a\ud800b" })), { stringValue: "a\ufffdb" });
});

test("every 64-bit integer comes back", () => {
  for (let bit = 0n; bit < 64n; bit += 1n) {
    for (const near of [-1n, 0n, 1n]) {
      const intValue = String(BigInt.asIntN(64, (1n << bit) + near));
      assert.deepEqual(decodeAnyValue(encodeAnyValue({ intValue })), { intValue });
    }
  }
});

test("every time of 64 bits comes back", () => {
  for (let bit = 0n; bit < 64n; bit += 1n) {
    const endTimeUnixNano = String(BigInt.asUintN(64, (1n << bit) + 1n));
    const data: TracesData = { resourceSpans: [{ scopeSpans: [{ spans: [{ endTimeUnixNano }] }] }] };
    assert.deepEqual(decodeOtlp("traces", encodeOtlp("traces", data)), data);
  }
});

function nested(levels: number): AnyValue {
  let value: AnyValue = { kvlistValue: { values: [{ key: "k", value: { intValue: "1" } }] } };
  for (let level = 2; level < levels; level += 1) value = { kvlistValue: { values: [{ value }] } };
  return value;
}

test("values nested 100 deep come back, and deeper ones are refused", () => {
  assert.deepEqual(decodeAnyValue(encodeAnyValue(nested(100))), nested(100));
  assert.throws(() => encodeAnyValue(nested(101)), RangeError);
  assert.throws(() => encodeAnyValue(nested(100_000)), /Values nested deeper than 100/);
});

test("an id that is no hex and bytes that are no base64 are bugs of the caller", () => {
  const data: TracesData = { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: "xyz" }] }] }] };
  assert.throws(() => encodeOtlp("traces", data), TypeError);
  assert.throws(() => encodeAnyValue({ bytesValue: "?" }), TypeError);
});
