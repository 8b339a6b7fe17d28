import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJsonText } from "./json-text.ts";
import { MalformedJson } from "./malformed-json.ts";

function parse(text: string): unknown {
  return parseJsonText(new TextEncoder().encode(text));
}

test("integers beyond 2^53 come as text with all their digits, others as numbers", () => {
  assert.deepEqual(parse("[9007199254740993,-9223372036854775808, 9007199254740991]"), [
    "9007199254740993",
    "-9223372036854775808",
    9007199254740991,
  ]);
  assert.deepEqual(parse('{"a":1763700000000000001}'), { a: "1763700000000000001" });
  assert.deepEqual(parse("\n18446744073709551615"), "18446744073709551615");
});

test("digits in texts, fractions and exponents stay as they are", () => {
  const text = '{"say \\" 12345678901234567890":"x: 12345678901234567890 \\\\","b":12345678901234567890}';
  assert.deepEqual(parse(text), {
    'say " 12345678901234567890': "x: 12345678901234567890 \\",
    b: "12345678901234567890",
  });
  const numbers = [
    "0.12345678901234567890",
    "12345678901234567890.5",
    "12345678901234567890e1",
    "1e-0000000000000001",
    "-0",
  ];
  assert.deepEqual(parse(`[${numbers.join(", ")}]`), numbers.map(Number));
});

test("a byte order mark is left out and invalid UTF-8 becomes U+FFFD", () => {
  assert.equal(parseJsonText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31)), 1);
  assert.equal(parseJsonText(Uint8Array.of(0x22, 0xff, 0x22)), "\ufffd");
});

test("what is no JSON is malformed, also with long integers in it", () => {
  for (const text of [
    "",
    " \n",
    "{",
    "[1,]",
    "nope",
    '{"a":12345678901234567890',
    '["a, 12345678901234567890',
    "01",
  ]) {
    assert.throws(() => parse(text), MalformedJson, text);
  }
  assert.throws(() => parse(""), {
    message: "Malformed JSON: expected a JSON value, came an empty body",
    path: "",
  });
});

test("nesting without end is malformed rather than a stack overflow", () => {
  assert.throws(() => parse("[".repeat(300_000)), MalformedJson);
  assert.throws(() => parse(`${"[".repeat(300_000)} 12345678901234567890`), MalformedJson);
});

test("a long text full of quotes and backslashes is read in linear time", () => {
  const text = JSON.stringify({ a: '\\"'.repeat(200_000), b: 0 }).replace(/0}$/, "12345678901234567890}");
  assert.deepEqual(parse(text), { a: '\\"'.repeat(200_000), b: "12345678901234567890" });
});
