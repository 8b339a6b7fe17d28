import { lineDifference } from "@clew/protocol/analysis/comparison/compare-traces";
import { CHANGE, type TraceComparison } from "@clew/protocol/analysis/comparison/comparison";
import type { Compared } from "./compared.ts";

/** What makes lines worth a row, and how long their bars are. */
export interface Notability {
  /** By line: lines at or below that have changed, or whose durations are not alike. */
  readonly notable: Int32Array;
  /** The largest differences of all lines, in either direction; never 0. */
  readonly most: { readonly durationUs: number; readonly tokens: number; readonly costMicro: number };
  /** Lines that have changed, without what is below one that is in one trace only; in order. */
  readonly differences: Int32Array;
}

/** Durations that differ by less, and by less than this share of the first trace, are alike. */
const LEAST_DIFFERENCE_US = 10_000;
const LEAST_DIFFERENCE_SHARE = 0.05;
const IN_ONE = CHANGE.added | CHANGE.removed;

export function notability({ a, b, comparison }: Compared): Notability {
  const { count, parent, changes, totals } = comparison;
  const least = Math.max(LEAST_DIFFERENCE_US, LEAST_DIFFERENCE_SHARE * totals[0].durationUs);
  const notable = new Int32Array(count);
  const most = { durationUs: 1, tokens: 1, costMicro: 1 };
  const differences: number[] = [];
  for (let line = count - 1; line >= 0; line--) {
    const { durationUs, inputTokens, outputTokens, costMicro } = lineDifference(a, b, comparison, line);
    const change = changes[line]!;
    if (change !== 0 || Math.abs(durationUs) >= least) notable[line]!++;
    const up = parent[line]!;
    if (up >= 0) notable[up]! += notable[line]!;
    if (change !== 0 && (up < 0 || (changes[up]! & IN_ONE) === 0)) differences.push(line);
    most.durationUs = Math.max(most.durationUs, Math.abs(durationUs));
    most.tokens = Math.max(most.tokens, Math.abs(inputTokens + outputTokens));
    most.costMicro = Math.max(most.costMicro, Math.abs(costMicro));
  }
  return { notable, most, differences: Int32Array.from(differences.reverse()) };
}

/** What was opened or closed by hand. */
export interface OpenState {
  /** Every line has a row, but for those below lines that were closed since. */
  readonly isAll: boolean;
  /** Lines that are not as they are by default. */
  readonly turned: ReadonlySet<number>;
  /** First lines of runs of alike lines that have rows of their own. */
  readonly runs: ReadonlySet<number>;
}

export const UNTOUCHED: OpenState = { isAll: false, turned: new Set(), runs: new Set() };

/** A row is a line, or a run of siblings that are alike with all below them. */
export interface AlignedRow {
  /** The line, or the first one of the run. */
  readonly line: number;
  /** Lines of the run; 0 for a row of one line. */
  readonly alike: number;
}

/** Runs this short are shown as they are. */
const SHORT_RUN = 2;

type Tree = Pick<TraceComparison, "count" | "size" | "parent" | "changes">;

/** Whether what is below the line has no rows. By default: what is alike, and what is in one trace only. */
export function isClosed({ changes }: Tree, notable: Int32Array, open: OpenState, line: number): boolean {
  const byDefault = !open.isAll && (notable[line] === 0 || (changes[line]! & IN_ONE) !== 0);
  return byDefault !== open.turned.has(line);
}

/** The rows that are shown, in the order of the comparison. Takes as long as there are rows. */
export function alignedRows(tree: Tree, notable: Int32Array, open: OpenState): AlignedRow[] {
  const { count, size, parent } = tree;
  const rows: AlignedRow[] = [];
  let openUntil = 0;
  for (let line = 0; line < count; ) {
    if (!open.isAll && notable[line] === 0 && line >= openUntil) {
      let end = line;
      while (end < count && notable[end] === 0 && parent[end] === parent[line]) end += size[end]!;
      if (end - line > SHORT_RUN && !open.runs.has(line)) {
        rows.push({ line, alike: end - line });
        line = end;
        continue;
      }
      openUntil = end;
    }
    rows.push({ line, alike: 0 });
    line += isClosed(tree, notable, open, line) ? size[line]! : 1;
  }
  return rows;
}

/** The same with everything opened that keeps the line from having a row. */
export function revealed(tree: Tree, notable: Int32Array, open: OpenState, line: number): OpenState {
  const turned = new Set(open.turned);
  const runs = new Set(open.runs);
  let topOfAlike = notable[line] === 0 ? line : -1;
  for (let up = tree.parent[line]!; up >= 0; up = tree.parent[up]!) {
    if (isClosed(tree, notable, { ...open, turned }, up)) {
      if (turned.has(up)) turned.delete(up);
      else turned.add(up);
    }
    if (notable[up] === 0) topOfAlike = up;
  }
  if (topOfAlike >= 0) runs.add(firstOfRun(tree, notable, topOfAlike));
  return { ...open, turned, runs };
}

/** The first of the alike siblings that the line stands among. */
function firstOfRun({ size, parent }: Tree, notable: Int32Array, line: number): number {
  let first = -1;
  const start = parent[line]! < 0 ? 0 : parent[line]! + 1;
  for (let at = start; at <= line; at += size[at]!) {
    if (notable[at] !== 0) first = -1;
    else if (first < 0) first = at;
  }
  return first;
}

/** Where the line's row is, or that of what hides it. Rows are in the order of lines. */
export function rowOfLine(rows: readonly AlignedRow[], line: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rows[middle]!.line <= line) low = middle;
    else high = middle - 1;
  }
  return low;
}
