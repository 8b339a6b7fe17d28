import assert from "node:assert/strict";
import { test } from "node:test";
import { textWidth } from "./text-width.ts";
import { wordWrapped } from "./word-wrap.ts";

test("text is broken between words, and within one only when it is too long", () => {
  assert.deepEqual(wordWrapped("the quick brown fox", 10), ["the quick", "brown fox"]);
  assert.deepEqual(wordWrapped("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
  assert.deepEqual(wordWrapped("", 4), []);
});

test("no line is wider than asked, also where characters are", () => {
  for (const line of wordWrapped("数据查询 失败 👩‍💻👩‍💻👩‍💻 done", 6)) assert.ok(textWidth(line) <= 6, line);
});
