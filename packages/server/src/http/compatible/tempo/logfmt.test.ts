import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidParameter } from "../../http-errors.ts";
import { parseLogfmt } from "./logfmt.ts";

test("pairs are apart by spaces, and values in quotes may have some", () => {
  const read = (text: string) => [...parseLogfmt("tags", text)];
  assert.deepEqual(read(""), []);
  assert.deepEqual(read("  a=1  b.c=x=y d "), [
    ["a", "1"],
    ["b.c", "x=y"],
    ["d", ""],
  ]);
  assert.deepEqual(read('a="b \\"c\\" \\\\ \\n" d="" é=ü'), [
    ["a", 'b "c" \\ \n'],
    ["d", ""],
    ["é", "ü"],
  ]);
});

test("text that is no logfmt is refused", () => {
  for (const text of ["=a", 'a="b', 'a="b"c', "a=b a=c", '"a"=b'])
    assert.throws(() => parseLogfmt("tags", text), InvalidParameter, text);
});

test("long text of any kind is read in a moment", () => {
  assert.throws(() => parseLogfmt("tags", `a="${"\\".repeat(60_000)}`), InvalidParameter);
  assert.equal(parseLogfmt("tags", " ".repeat(60_000)).size, 0);
});
