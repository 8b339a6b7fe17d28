import type { Block } from "./markdown-tree.ts";
import { parseInlines } from "./parse-inlines.ts";

/** Longer texts are not read as Markdown. */
export const MOST_MARKDOWN = 100_000;
/** Quotes and lists nested deeper stay text. */
const MOST_DEPTH = 8;
/** Paragraphs and lines longer than this are shown as they are. */
const MOST_INLINE = 20_000;

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`\s]*)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)([-*+]|\d{1,9}[.)])( +|$)/;
const TABLE_RULE = /^ {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** Reads the Markdown that models write: CommonMark's blocks without HTML, with tables. Never fails. */
export function parseMarkdown(text: string): readonly Block[] {
  return blocksOf(text.slice(0, MOST_MARKDOWN).split(/\r\n?|\n/), 0);
}

function blocksOf(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0) blocks.push({ type: "paragraph", inlines: inlinesOf(paragraph.join("\n")) });
    paragraph = [];
  };
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    if (line.trim() === "") {
      flush();
      at++;
      continue;
    }
    const found = blockAt(lines, at, depth, paragraph.length > 0);
    if (found === undefined) {
      paragraph.push(paragraph.length === 0 ? line.trimStart() : line);
      at++;
      continue;
    }
    flush();
    blocks.push(found.block);
    at = found.end;
  }
  flush();
  return blocks;
}

interface Found {
  readonly block: Block;
  readonly end: number;
}

function blockAt(
  lines: readonly string[],
  at: number,
  depth: number,
  isInParagraph: boolean,
): Found | undefined {
  const line = lines[at]!;
  const fence = FENCE.exec(line);
  if (fence !== null) return codeFrom(lines, at, fence[1]!, fence[2]!);
  const heading = HEADING.exec(line);
  if (heading !== null) {
    const block = { type: "heading", level: heading[1]!.length, inlines: inlinesOf(heading[2]!) } as const;
    return { block, end: at + 1 };
  }
  if (RULE.test(line)) return { block: { type: "rule" }, end: at + 1 };
  if (line.includes("|") && TABLE_RULE.test(lines[at + 1] ?? "") && lines[at + 1]!.includes("-")) {
    const table = tableFrom(lines, at);
    if (table !== undefined) return table;
  }
  if (depth >= MOST_DEPTH) return undefined;
  if (QUOTE.test(line)) {
    let end = at;
    while (end < lines.length && QUOTE.test(lines[end]!)) end++;
    const inner = lines.slice(at, end).map((one) => one.replace(QUOTE, ""));
    return { block: { type: "quote", blocks: blocksOf(inner, depth + 1) }, end };
  }
  const item = ITEM.exec(line);
  // A number within a paragraph begins a list only where it is the first.
  if (item !== null && !(isInParagraph && /^\d/.test(item[2]!) && !/^1[.)]/.test(item[2]!)))
    return listFrom(lines, at, depth);
  return undefined;
}

function codeFrom(lines: readonly string[], at: number, fence: string, language: string): Found {
  let end = at + 1;
  const isEnd = (line: string): boolean => {
    const trimmed = line.trim();
    return trimmed.length >= fence.length && trimmed === fence[0]!.repeat(trimmed.length);
  };
  while (end < lines.length && !isEnd(lines[end]!)) end++;
  const text = lines.slice(at + 1, end).join("\n");
  return { block: { type: "code", language, text }, end: end + 1 };
}

function listFrom(lines: readonly string[], at: number, depth: number): Found {
  const [, indent = "", mark = "-"] = ITEM.exec(lines[at]!)!;
  const isOrdered = /\d/.test(mark);
  const items: Block[][] = [];
  let item: string[] = [];
  let inside = 0;
  let end = at;
  const flush = (): void => {
    if (item.length > 0) items.push(blocksOf(item, depth + 1));
    item = [];
  };
  for (; end < lines.length; end++) {
    const line = lines[end]!;
    const next = ITEM.exec(line);
    const leading = line.length - line.trimStart().length;
    if (
      next !== null &&
      next[1]!.length < Math.max(inside, indent.length + 1) &&
      next[1]!.length >= indent.length
    ) {
      if (/\d/.test(next[2]!) !== isOrdered || (!isOrdered && next[2] !== mark)) break;
      flush();
      inside = Math.min(next[0].length, next[1]!.length + next[2]!.length + 4);
      item.push(line.slice(next[0].length));
    } else if (line.trim() === "") {
      // A blank line ends the list unless something of it follows.
      const after = lines[end + 1] ?? "";
      const goesOn =
        after.trim() !== "" && (after.length - after.trimStart().length >= inside || ITEM.test(after));
      if (!goesOn) break;
      item.push("");
    } else if (leading >= inside) item.push(line.slice(inside));
    else if (leading > indent.length || !startsBlock(line)) {
      if (item.at(-1) === "") break;
      item.push(line.trimStart());
    } else break;
  }
  flush();
  return { block: { type: "list", start: isOrdered ? Number.parseInt(mark, 10) : undefined, items }, end };
}

function startsBlock(line: string): boolean {
  return FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line) || ITEM.test(line);
}

function tableFrom(lines: readonly string[], at: number): Found | undefined {
  const head = cellsOf(lines[at]!);
  if (head.length !== cellsOf(lines[at + 1]!).length) return undefined;
  const rows: string[][] = [];
  let end = at + 2;
  for (; end < lines.length && lines[end]!.includes("|") && lines[end]!.trim() !== ""; end++) {
    const cells = cellsOf(lines[end]!);
    rows.push(head.map((_, column) => cells[column] ?? ""));
  }
  const block = {
    type: "table",
    head: head.map(inlinesOf),
    rows: rows.map((row) => row.map(inlinesOf)),
  } as const;
  return { block, end };
}

function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let cell = "";
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  for (let at = 0; at < inner.length; at++) {
    if (inner[at] === "\\" && inner[at + 1] === "|") {
      cell += "|";
      at++;
    } else if (inner[at] === "|") {
      cells.push(cell.trim());
      cell = "";
    } else cell += inner[at];
  }
  return [...cells, cell.trim()];
}

function inlinesOf(text: string) {
  return text.length > MOST_INLINE ? [{ type: "text", text } as const] : parseInlines(text);
}
