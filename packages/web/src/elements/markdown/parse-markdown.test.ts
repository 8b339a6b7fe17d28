import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "@clew/protocol/analysis/testing/random";
import type { Block, Inline } from "./markdown-tree.ts";
import { parseMarkdown } from "./parse-markdown.ts";

const text = (value: string): Inline => ({ type: "text", text: value });
const paragraph = (...inlines: Inline[]): Block => ({ type: "paragraph", inlines });

test("what models write becomes blocks", () => {
  assert.deepEqual(
    parseMarkdown(
      "# Plan #\n\nFirst **look**, then\n*act*.\n\n```sql\nSELECT `a`\n  FROM t\n```\n> so\n> it is\n\n---",
    ),
    [
      { type: "heading", level: 1, inlines: [text("Plan")] },
      paragraph(
        text("First "),
        { type: "strong", inlines: [text("look")] },
        text(", then\n"),
        { type: "emphasis", inlines: [text("act")] },
        text("."),
      ),
      { type: "code", language: "sql", text: "SELECT `a`\n  FROM t" },
      { type: "quote", blocks: [paragraph(text("so\nit is"))] },
      { type: "rule" },
    ],
  );
});

test("lists hold lists, and go on after a blank line", () => {
  assert.deepEqual(parseMarkdown("1. one\n   - a\n   - b\n\n2. two\n\nend"), [
    {
      type: "list",
      start: 1,
      items: [
        [
          paragraph(text("one")),
          { type: "list", start: undefined, items: [[paragraph(text("a"))], [paragraph(text("b"))]] },
        ],
        [paragraph(text("two"))],
      ],
    },
    paragraph(text("end")),
  ]);
});

test("a table has as many cells as its head", () => {
  assert.deepEqual(parseMarkdown("| a | b |\n|---|:-:|\n| 1 | x \\| y | 3 |\n| 2 |"), [
    {
      type: "table",
      head: [[text("a")], [text("b")]],
      rows: [
        [[text("1")], [text("x | y")]],
        [[text("2")], []],
      ],
    },
  ]);
});

test("only links to the web and to mail are links, each with its host", () => {
  const [link] = parseMarkdown('[the **docs**](https://example.org/a_(b)?q=1 "title")');
  assert.deepEqual(
    link,
    paragraph({
      type: "link",
      url: "https://example.org/a_(b)?q=1",
      host: "example.org",
      inlines: [text("the **docs**")],
    }),
  );
  for (const hostile of [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>1</script>)",
    "[x](//collector.example)",
    "[x](/traces)",
    "<javascript:alert(1)>",
    "<script>alert(1)</script>",
  ]) {
    assert.deepEqual(parseMarkdown(hostile), [paragraph(text(hostile))], hostile);
  }
  assert.deepEqual(parseMarkdown("![a](https://c.example/b.png)"), [
    paragraph({ type: "image", url: "https://c.example/b.png", alt: "a" }),
  ]);
});

test("marks that mark nothing stay as they are", () => {
  for (const plain of ["2 * 3 * 4", "snake_case_name", "a ** b", "`open", "**open", "1) x_y_", "\\*not\\*"])
    assert.deepEqual(
      parseMarkdown(plain).flatMap((block) => ("inlines" in block ? block.inlines : [])),
      plain === "1) x_y_" ? [] : [text(plain.replaceAll("\\", ""))],
      plain,
    );
});

/** All text of blocks, to see that none is lost. */
function said(value: unknown): string {
  if (Array.isArray(value)) return value.map(said).join(" ");
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value)
    .map(([key, inner]) => (typeof inner === "string" && key !== "type" ? inner : said(inner)))
    .join(" ");
}

test("whatever is written is read, and no word of it is lost", () => {
  const pieces = [
    "word",
    "*",
    "**",
    "_",
    "`",
    "```",
    "\n",
    "\n\n",
    "- ",
    "  ",
    "1. ",
    "> ",
    "|",
    "---",
    "[",
    "](",
    ")",
  ];
  for (let seed = 1; seed <= 400; seed++) {
    const random = new Random(seed);
    const written = Array.from({ length: random.below(60) }, (_, at) => {
      const piece = random.one(pieces);
      return piece === "word" ? `w${at}w` : piece;
    }).join("");
    const blocks = said(parseMarkdown(written));
    // Cells beyond the head of a table and what stands behind the address of a link are not shown.
    if (written.includes("|") || written.includes("](") || written.includes("```")) continue;
    for (const [word] of written.matchAll(/w\d+w/g))
      assert.ok(blocks.includes(word), `seed ${seed}: ${written}`);
  }
});

test("a hundred thousand marks of any kind are read at once", () => {
  for (const mark of [
    "*",
    "**a ",
    "_",
    "`",
    "``` ",
    "[",
    "[a](",
    "> ",
    "- ",
    "|",
    "<",
    "![",
    "~~",
    "(((",
    "1. \n",
  ]) {
    parseMarkdown(mark.repeat(100_000 / mark.length));
  }
});
