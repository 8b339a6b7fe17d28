import assert from "node:assert/strict";
import { test } from "node:test";
import { memberValue, textMember, withTextMember } from "./json-member.ts";

const bytes = (text: string) => Buffer.from(text);

test("a member of the outermost object is found, not one of the same name further in", () => {
  const json = bytes(
    '{"messages":[{"model":"inner","content":"a \\"model\\": \\\\"}], "model" : "gpt-5","n":1}',
  );
  assert.equal(textMember(json, "model"), "gpt-5");
  assert.equal(textMember(json, "n"), undefined);
  assert.equal(textMember(json, "none"), undefined);
});

test("the last of two members counts, as for JSON.parse", () => {
  const json = '{"model":"a","model":"b"}';
  assert.equal(textMember(bytes(json), "model"), (JSON.parse(json) as { model: string }).model);
});

test("a text that is cut off gives what it holds", () => {
  assert.equal(textMember(bytes('{"model":"gpt-5","messages":[{"content":"dat'), "model"), "gpt-5");
  assert.equal(textMember(bytes('{"messages":[{"content":"data'), "model"), undefined);
  assert.equal(textMember(bytes('{"model":"gp'), "model"), undefined);
});

test("replacing a member leaves every other byte as it is", () => {
  const json = bytes('{ "seed": 12345678901234567890, "model":"a" ,"temperature":1.0 }');
  assert.equal(
    withTextMember(json, "model", 'b"ü').toString(),
    '{ "seed": 12345678901234567890, "model":"b\\"ü" ,"temperature":1.0 }',
  );
  assert.equal(withTextMember(bytes('{"a":1}'), "model", "b").toString(), '{"a":1}');
});

test("what is no object has no members, and malformed JSON ends the search", () => {
  for (const text of ["", "[]", '"model"', "{", '{"a"', '{"a":', '{"a":1', "{]", '{"a":1]{"model":"x"}']) {
    assert.equal(memberValue(bytes(text), "model"), undefined, text);
  }
});
