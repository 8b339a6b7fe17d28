import assert from "node:assert/strict";
import { test } from "node:test";
import { foldLines } from "./fold-lines.ts";
import { textDiff } from "./text-diff.ts";

const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `line ${from + at}`);

function groups(a: readonly string[], b: readonly string[]): string[] {
  return foldLines(textDiff(a.join("\n"), b.join("\n")).lines).map(
    ({ from, lines: { length }, isFolded }) => `${isFolded ? "folded" : "shown"} ${length} from ${from}`,
  );
}

test("three lines around a change are shown, and what is the same elsewhere is folded", () => {
  const a = lines(0, 40);
  const b = [...lines(0, 20), "new", ...lines(20, 40)];
  assert.deepEqual(groups(a, b), ["folded 17 from 0", "shown 7 from 17", "folded 17 from 24"]);
});

test("few lines are not folded, nor what has no change at all", () => {
  assert.deepEqual(groups(lines(0, 6), [...lines(0, 6), "new"]), ["shown 7 from 0"]);
  assert.deepEqual(groups(lines(0, 60), lines(0, 60)), ["shown 60 from 0"]);
});
