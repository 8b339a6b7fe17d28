import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnyValue } from "../otlp/model.ts";
import { Attributes, parsed, plainValue } from "./plain-value.ts";

test("integers are numbers as long as a number holds them, and text beyond", () => {
  assert.equal(plainValue({ intValue: "42" }), 42);
  assert.equal(plainValue({ intValue: "9223372036854775807" }), "9223372036854775807");
});

test("a map cannot bring its own prototype", () => {
  const value = plainValue({ kvlistValue: { values: [{ key: "__proto__", value: { stringValue: "x" } }] } });
  assert.deepEqual(Object.keys(value as object), []);
  assert.equal(Object.getPrototypeOf(value), null);
});

test("nesting is cut off before the stack is", () => {
  let value: AnyValue = { stringValue: "bottom" };
  for (let i = 0; i < 50_000; i++) value = { arrayValue: { values: [value] } };
  assert.ok(Array.isArray(plainValue(value)));
});

test("text that only looks like JSON stays text", () => {
  assert.equal(parsed("[not json"), "[not json");
  assert.equal(parsed("{x}"), "{x}");
  assert.equal(parsed("plain"), "plain");
  assert.deepEqual(parsed(' {"a":1}'), { a: 1 });
});

test("JSON nested deeper than two hundred levels stays text, brackets in text do not count", () => {
  const deep = "[".repeat(201) + "]".repeat(201);
  assert.equal(parsed(deep), deep);
  assert.ok(Array.isArray(parsed("[".repeat(200) + "]".repeat(200))));
  assert.deepEqual(parsed(JSON.stringify({ a: `${"[".repeat(500)}\\"{` })), { a: `${"[".repeat(500)}\\"{` });
});

test("of a key sent twice the last value counts", () => {
  const attributes = new Attributes([
    { key: "a", value: { stringValue: "1" } },
    { key: "a", value: { stringValue: "2" } },
  ]);
  assert.equal(attributes.get("a"), "2");
});
