import assert from "node:assert/strict";
import { test } from "node:test";
import { count, decimal, jsonObject, unquoted } from "./text.ts";

test("a count is what decimal text says, as a whole number that fits 32 bits", () => {
  for (const [text, expected] of [
    ["0", 0],
    ["7", 7],
    ["123456789", 123_456_789],
    ["4294967295", 4_294_967_295],
    ["4294967296", 4_294_967_295],
    ["9223372036854775807", 4_294_967_295],
    ["12.9", 12],
    ["1e3", 1000],
  ] as const) {
    assert.equal(count(text), expected, text);
  }
});

test("what is no count is zero", () => {
  for (const text of [
    "",
    "-1",
    "-0.5",
    "NaN",
    "Infinity",
    "-Infinity",
    "0x10",
    "1_000",
    " 5",
    "5 ",
    "twelve",
    "1e999",
    "true",
    "[1]",
  ]) {
    assert.equal(count(text), 0, text);
  }
  assert.equal(count(undefined), 0);
});

test("a decimal is not negative and finite, or -1", () => {
  assert.equal(decimal("0.0021"), 0.0021);
  assert.equal(decimal("1e-7"), 1e-7);
  for (const text of ["-1", "NaN", "Infinity", "1e999", "", "0x1", "9".repeat(41)])
    assert.equal(decimal(text), -1, text);
});

test("quoted text is unquoted, other text is left alone", () => {
  assert.equal(unquoted('"LLM"'), "LLM");
  assert.equal(unquoted('"a\\"b"'), 'a"b');
  for (const text of ["LLM", '"', '"broken\\"', ""]) assert.equal(unquoted(text), text);
});

test("only objects of bounded size are parsed", () => {
  assert.deepEqual(jsonObject('{"a":1}'), { a: 1 });
  for (const text of ["[1]", "null", '"x"', "{", "{'a': 1}", "", ` {"a":1}`])
    assert.equal(jsonObject(text), undefined, text);
  assert.equal(jsonObject(`{"a":"${"x".repeat(70_000)}"}`), undefined);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});
