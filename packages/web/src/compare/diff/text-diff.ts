import { sequenceDiff } from "./sequence-diff.ts";

/** A part of a line; `isChanged` where the other text has something else, or nothing. */
export interface Piece {
  readonly text: string;
  readonly isChanged: boolean;
}

export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  /** Their texts together are the line. A line that is new as a whole is one that is changed. */
  readonly pieces: readonly Piece[];
}

export interface TextDiff {
  /** What was removed comes before what was added in its place. */
  readonly lines: readonly DiffLine[];
  readonly isSame: boolean;
  /** Characters at the ends that were not looked at. */
  readonly leftOut: number;
}

/** So much of each text is compared. */
export const MOST_CHARS = 200_000;
/** Words are compared in changed places up to this long; of longer ones what is the same at both ends is told. */
const MOST_WORD_CHARS = 20_000;
/** Lines with less in common, by characters, have been written anew. */
const LEAST_IN_COMMON = 0.3;

/** Compares two texts by lines, and lines that were changed by words. Takes some 50 ms at most. */
export function textDiff(a: string, b: string): TextDiff {
  const leftOut = Math.max(0, a.length - MOST_CHARS) + Math.max(0, b.length - MOST_CHARS);
  const [linesA, linesB] = [linesOf(a), linesOf(b)];
  const numbers = new Map<string, number>();
  const stretches = sequenceDiff(numbered(linesA, numbers), numbered(linesB, numbers));
  const lines: DiffLine[] = [];
  let [atA, atB] = [0, 0];
  for (let at = 0; at < stretches.length; at++) {
    const { kind, count } = stretches[at]!;
    if (kind === "same") {
      for (const text of linesA.slice(atA, atA + count))
        lines.push({ kind, pieces: [{ text, isChanged: false }] });
      atA += count;
      atB += count;
      continue;
    }
    const next = stretches[at + 1];
    const added = kind === "added" ? count : next?.kind === "added" ? next.count : 0;
    const removed = kind === "removed" ? count : 0;
    if (kind === "removed" && added > 0) at++;
    lines.push(...changedLines(linesA.slice(atA, atA + removed), linesB.slice(atB, atB + added)));
    atA += removed;
    atB += added;
  }
  return { lines, leftOut, isSame: a === b };
}

/** Without a line for nothing. */
function linesOf(text: string): string[] {
  return text === "" ? [] : text.slice(0, MOST_CHARS).split("\n");
}

function numbered(texts: readonly string[], numbers: Map<string, number>): number[] {
  return texts.map((text) => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  });
}

function changedLines(removed: readonly string[], added: readonly string[]): DiffLine[] {
  const whole = (kind: "removed" | "added", texts: readonly string[]): DiffLine[] =>
    texts.map((text) => ({ kind, pieces: [{ text, isChanged: true }] }));
  const [a, b] = [removed.join("\n"), added.join("\n")];
  if (a === "" || b === "") return [...whole("removed", removed), ...whole("added", added)];
  const isLong = a.length + b.length > MOST_WORD_CHARS;
  const [wordsA, wordsB] = isLong ? endsAndMiddles(a, b) : [wordsOf(a), wordsOf(b)];
  const numbers = new Map<string, number>();
  const stretches = sequenceDiff(numbered(wordsA, numbers), numbered(wordsB, numbers));
  const [lineA, lineB] = [new LineMaker("removed"), new LineMaker("added")];
  let [atA, atB, inCommon] = [0, 0, 0];
  for (const { kind, count } of stretches) {
    const isChanged = kind !== "same";
    if (kind !== "added") {
      const text = wordsA.slice(atA, (atA += count)).join("");
      lineA.add(text, isChanged);
      if (!isChanged) inCommon += text.trim().length;
    }
    if (kind !== "removed") lineB.add(wordsB.slice(atB, (atB += count)).join(""), isChanged);
  }
  if (inCommon < LEAST_IN_COMMON * Math.max(a.length, b.length)) {
    return [...whole("removed", removed), ...whole("added", added)];
  }
  return [...lineA.lines(), ...lineB.lines()];
}

const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}_]+|\n|[^\S\n]+|[^\p{L}\p{M}\p{N}_\s]/gu;

/** Both texts as what they begin with alike, what is between, and what they end with alike. */
function endsAndMiddles(a: string, b: string): readonly [string[], string[]] {
  const shorter = Math.min(a.length, b.length);
  let begin = 0;
  while (begin < shorter && a[begin] === b[begin]) begin++;
  let end = 0;
  while (end < shorter - begin && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  // Half of a sign is none.
  if (/[\uD800-\uDBFF]/.test(a[begin - 1] ?? "")) begin--;
  if (/[\uDC00-\uDFFF]/.test(a[a.length - end] ?? "")) end--;
  const parts = (text: string): string[] =>
    [text.slice(0, begin), text.slice(begin, text.length - end), text.slice(text.length - end)].filter(
      (part) => part !== "",
    );
  return [parts(a), parts(b)];
}

/** Words, stretches of spaces and single signs; together they are the text. */
function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** Puts words together to lines. */
class LineMaker {
  readonly #kind: "removed" | "added";
  readonly #lines: Piece[][] = [[]];

  constructor(kind: "removed" | "added") {
    this.#kind = kind;
  }

  add(text: string, isChanged: boolean): void {
    for (const [at, part] of text.split("\n").entries()) {
      if (at > 0) this.#lines.push([]);
      if (part !== "") this.#lines.at(-1)!.push({ text: part, isChanged });
    }
  }

  lines(): DiffLine[] {
    return this.#lines.map((pieces) => ({ kind: this.#kind, pieces }));
  }
}
