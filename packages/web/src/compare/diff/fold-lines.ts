import type { DiffLine } from "./text-diff.ts";

/** Lines that are shown, or that are the same and folded away. */
export interface LineGroup {
  /** Place of the first of them in the diff. */
  readonly from: number;
  readonly lines: readonly DiffLine[];
  readonly isFolded: boolean;
}

/** Lines that are the same and are shown before and after a change. */
const CONTEXT = 3;
/** Folding fewer lines away hides more than it helps. */
const LEAST_FOLDED = 4;

/** Folds away what is the same, far from every change; nothing of a diff without a change. */
export function foldLines(lines: readonly DiffLine[]): LineGroup[] {
  if (lines.every(({ kind }) => kind === "same")) return [{ from: 0, lines, isFolded: false }];
  const groups: LineGroup[] = [];
  let shownFrom = 0;
  const push = (from: number, to: number, isFolded: boolean): void => {
    if (to > from) groups.push({ from, lines: lines.slice(from, to), isFolded });
  };
  for (let at = 0; at < lines.length; ) {
    if (lines[at]!.kind !== "same") {
      at++;
      continue;
    }
    let end = at;
    while (end < lines.length && lines[end]!.kind === "same") end++;
    const from = at === 0 ? 0 : at + CONTEXT;
    const to = end === lines.length ? end : end - CONTEXT;
    if (to - from >= LEAST_FOLDED) {
      push(shownFrom, from, false);
      push(from, to, true);
      shownFrom = to;
    }
    at = end;
  }
  push(shownFrom, lines.length, false);
  return groups;
}
