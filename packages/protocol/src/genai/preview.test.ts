import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "./message.ts";
import { previewOf } from "./preview.ts";

const say = (text: string): Message => ({ role: "user", parts: [{ type: "text", text }] });

test("the last message with something to show is shown, on one line", () => {
  const silent: Message = { role: "assistant", parts: [{ type: "reasoning", text: "hmm" }] };
  assert.equal(previewOf([say("first"), say(" second\n\n line "), silent], 80), "second line");
  assert.equal(previewOf([], 80), "");
});

test("a call shows its name and arguments, a file its kind", () => {
  const call: Message = {
    role: "assistant",
    parts: [
      { type: "tool_call", id: "", name: "find", arguments: { q: "x" } },
      { type: "image", mediaType: "image/png", url: "", data: "", fileId: "" },
    ],
  };
  assert.equal(previewOf([call], 80), 'find({"q":"x"}) [image/png]');
});

test("a preview is never longer than asked and says where it is cut", () => {
  for (const length of [0, 1, 2, 5, 10])
    assert.ok(previewOf([say("a".repeat(100))], length).length <= length);
  assert.equal(previewOf([say("abcdefgh")], 5), "abcd…");
  assert.equal(previewOf([say("abcde")], 5), "abcde");
  assert.equal(previewOf([say(`abc${" ".repeat(10_000)}def`)], 5), "abc…");
});

test("a character made of two units is not cut in half", () => {
  assert.equal(previewOf([say("ab😀cd")], 4), "ab…");
});
