import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_CHARS, type TextDiff, textDiff } from "./text-diff.ts";

/** Lines with their sign; what is changed in them stands in brackets. */
function shown({ lines }: TextDiff): string[] {
  const signs = { same: " ", removed: "-", added: "+" };
  return lines.map(
    ({ kind, pieces }) =>
      signs[kind] + pieces.map(({ text, isChanged }) => (isChanged ? `[${text}]` : text)).join(""),
  );
}

/** The text that is left when lines of the other are taken out. */
function side({ lines }: TextDiff, without: "removed" | "added"): string {
  return lines
    .filter(({ kind }) => kind !== without)
    .map(({ pieces }) => pieces.map(({ text }) => text).join(""))
    .join("\n");
}

test("lines are compared, and what was changed in them by words", () => {
  const a = "You are kind.\nAnswer in 3 sentences.\nBe brief.";
  const b = "You are kind.\nAnswer in two sentences.\nBe brief.\nNever promise money.";
  assert.deepEqual(shown(textDiff(a, b)), [
    " You are kind.",
    "-Answer in [3] sentences.",
    "+Answer in [two] sentences.",
    " Be brief.",
    "+[Never promise money.]",
  ]);
});

test("a line that was written anew is shown as a whole", () => {
  assert.deepEqual(shown(textDiff("the late fee is refunded", "no such order, sorry")), [
    "-[the late fee is refunded]",
    "+[no such order, sorry]",
  ]);
});

test("scripts without spaces are compared by sign", () => {
  assert.deepEqual(shown(textDiff("数据查询失败", "数据查询成功")), ["-数据查询[失败]", "+数据查询[成功]"]);
});

test("both texts can be read from a diff, whatever they are", () => {
  const parts = ["a", "b", "fee", " ", "\n", "\n\n", "é", "👩‍👧", "\r\n", "<b>", "0", "\u202e", "日本", ", "];
  let state = 5;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) * below);
  };
  for (let round = 0; round < 500; round++) {
    const a = Array.from({ length: random(30) }, () => parts[random(parts.length)]!);
    const b = a.flatMap((one) => [[one], [], [one, parts[random(parts.length)]!], [one]][random(4)]!);
    const [textA, textB] = [a.join(""), b.join("")];
    const diff = textDiff(textA, textB);
    assert.equal(side(diff, "added"), textA, `round ${round}`);
    assert.equal(side(diff, "removed"), textB, `round ${round}`);
    assert.equal(diff.isSame, textA === textB);
  }
});

test("of very long texts the beginnings are compared, and what was left out is told", () => {
  const long = "word ".repeat(100_000);
  const diff = textDiff(long, `${long}more`);
  assert.equal(diff.leftOut, 2 * (500_000 - MOST_CHARS) + 4);
  assert.equal(side(diff, "removed").length, MOST_CHARS);
  assert.equal(diff.isSame, false);
  assert.ok(diff.lines.every(({ kind }) => kind === "same"));
});

test("of a very long line what is the same at its ends is told", () => {
  const begin = "word ".repeat(5000);
  const diff = textDiff(`${begin}late 👩 end`, `${begin}early 👨 end`);
  assert.deepEqual(
    diff.lines.map(({ pieces }) => pieces.filter(({ isChanged }) => isChanged).map(({ text }) => text)),
    [["late 👩"], ["early 👨"]],
  );
  assert.equal(side(diff, "removed"), `${begin}early 👨 end`);
});
