import assert from "node:assert/strict";
import { test } from "node:test";
import { quote, readString } from "./string-text.ts";

test("strings have Go's escapes in double quotes and none in backticks", () => {
  const expected: Record<string, string> = {
    '"a\\"b\\\\c"': 'a"b\\c',
    '"\\a\\b\\f\\n\\r\\t\\v"': "\x07\b\f\n\r\t\v",
    '"\\x41\\101\\u00e9\\U0001F600"': "AAé😀",
    '"\\xc3\\xa9 and \\303\\251"': "é and é",
    '"\\ufeffx"': "\ufeffx",
    '`a\\n"b\n`': 'a\\n"b\n',
    "`a\r\nb`": "a\nb",
  };
  for (const [text, value] of Object.entries(expected)) {
    assert.deepEqual(readString(`${text} rest`, 0), { value, end: text.length });
  }
});

test("any text in quotes reads as the same text", () => {
  for (const value of ["", 'say "hi"', "back\\slash", "a\nb\rc\td", "\0\x7f\u0085\u2028", "é😀`'"]) {
    const text = quote(value);
    assert.deepEqual(readString(text, 0), { value, end: text.length });
    assert.match(text, /^[^\n\r\0\u0085\u2028]*$/);
  }
});
