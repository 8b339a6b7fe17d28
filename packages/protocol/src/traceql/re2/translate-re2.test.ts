import assert from "node:assert/strict";
import { test } from "node:test";
import { findRe2Fault, re2ToRegExp } from "./translate-re2.ts";

const matches: readonly (readonly [pattern: string, text: string, expected: boolean])[] = [
  ["", "", true],
  ["", "a", false],
  ["a", "aa", false],
  ["a.c", "a\nc", true],
  ["(?-s)a.c", "a\nc", false],
  ["(?-s:.)(?:.)", "a\n", true],
  ["a|bc", "bc", true],
  ["(?i)é|K", "É", true],
  ["a(?i)b|c", "C", true],
  ["(a(?i)b)c", "aBC", false],
  ["(?i:a)b", "AB", false],
  ["(?U)a+?", "aaa", true],
  ["a{2,3}", "aaa", true],
  ["a{2,3}", "aaaa", false],
  ["a{,3}", "a{,3}", true],
  ["x{", "x{", true],
  ["(?P<first>a)(?<second>b)", "ab", true],
  ["[[:alpha:]_]+", "ab_", true],
  ["[[:^digit:]]", "x", true],
  ["[^[:space:]a-c]", "b", false],
  ["[]a]+", "]a", true],
  ["[a-]+", "a-", true],
  ["[\\d\\pL]+", "7é", true],
  ["\\p{Greek}\\P{Latin}\\p{^Latin}", "αβγ", true],
  ["\\pN", "٣", true],
  ["\\D\\S\\W", "a!-", true],
  ["[\\S]", " ", false],
  ["\\Qa.b*\\E+", "a.b**", true],
  ["\\Qa.b", "a.b", true],
  ["\\x41\\x{1F600}\\101\\0", "A😀A\0", true],
  ["\\a\\f\\t\\n\\r\\v", "\x07\f\t\n\r\v", true],
  ["\\.\\/\\-\\_", "./-_", true],
  ["\\Aa\\bb?\\z", "a", true],
  ["(?m)^a$\\n^b$", "a\nb", true],
  ["^a$\\n^b$", "a\nb", false],
  ["(^)*a", "a", true],
  ["😀+", "😀😀", true],
  ["a/b\u2028", "a/b\u2028", true],
];

for (const [pattern, text, expected] of matches) {
  test(`${JSON.stringify(pattern)} ${expected ? "takes" : "does not take"} ${JSON.stringify(text)}`, () => {
    assert.equal(findRe2Fault(pattern), undefined);
    assert.equal(re2ToRegExp(pattern).test(text), expected);
  });
}

const faults: readonly string[] = [
  "(",
  ")",
  "a)",
  "(a",
  "[",
  "[a",
  "[]",
  "[^]",
  "*",
  "+a",
  "a|*",
  "(*)",
  "a**",
  "a+*",
  "a*??",
  "a{2}{3}",
  "a{1001}",
  "a{3,2}",
  "(a{100}){100}",
  "(?=a)",
  "(?!a)",
  "(?<=a)",
  "(?<!a)",
  "(?>a)",
  "(?P=x)",
  "(?P<x>a)(?P<x>b)",
  "(?P<>a)",
  "(?<a-b>c)",
  "(?x)a",
  "(?",
  "(?i",
  "\\",
  "a\\",
  "\\1",
  "(a)\\1",
  "\\8",
  "\\k<a>",
  "\\C",
  "\\Z",
  "\\G",
  "\\y",
  "\\é",
  "\\xg1",
  "\\x{110000}",
  "\\p{Nope}",
  "\\pX",
  "[[:nope:]]",
  "[b-a]",
  "[a-\\d]",
  "(?i)*",
];

for (const pattern of faults) {
  test(`${JSON.stringify(pattern)} is refused`, () => {
    assert.equal(typeof findRe2Fault(pattern), "string");
  });
}
