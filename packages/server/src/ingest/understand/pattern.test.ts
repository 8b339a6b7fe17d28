import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePattern } from "./pattern.ts";

const problem = (source: string) => {
  const pattern = compilePattern(source);
  return pattern instanceof RegExp ? "" : pattern.problem;
};

test("the patterns a price list needs are accepted", () => {
  for (const source of [
    "^gpt-4o",
    "(^|/)claude-(opus|sonnet)-5",
    "llama-?3[.p-]1",
    "-\\d{4}-\\d\\d$",
    "a.*b",
    "(x)?",
    "\\(\\)+",
    "[*+{]",
  ]) {
    assert.equal(problem(source), "", source);
  }
});

test("patterns that can run for long are refused with the reason", () => {
  assert.match(problem("(a+)+$"), /repeats a group/);
  assert.match(problem("(a|aa)*$"), /repeats a group/);
  assert.match(problem("(a{1,9}){1,9}"), /repeats a group/);
  assert.match(problem("a*b*c*d*"), /more than 3 repetitions/);
  assert.match(problem("(a)\\1"), /back reference/);
  assert.match(problem("(?=a)"), /looks around/);
  assert.match(problem("(?<!a)b"), /looks around/);
  assert.match(problem("(".repeat(400)), /longer than 300/);
});

test("what is no regular expression is refused", () => {
  assert.notEqual(problem("gpt-["), "");
  assert.notEqual(problem("(gpt"), "");
});
