import { lineDifference } from "@clew/protocol/analysis/comparison/compare-traces";
import {
  type AnalysedTrace,
  CHANGE,
  type LineDifference,
  type TraceComparison,
} from "@clew/protocol/analysis/comparison/comparison";

/** A row of the comparison: a line, or how many lines there are in a row that are alike. */
export type CompareRow =
  | {
      readonly line: number;
      readonly depth: number;
      readonly difference: LineDifference;
      /** Lines below that have no row of their own. */
      readonly hidden: number;
    }
  | { readonly alike: number; readonly depth: number };

export interface CompareRowOptions {
  /** A row for every line. */
  readonly all: boolean;
  readonly limit: number;
}

/** Durations that differ by less, and by less than this share of the first trace, are alike. */
const LEAST_DIFFERENCE_US = 10_000;
const LEAST_DIFFERENCE_SHARE = 0.05;

/** At most `limit` rows, in the order of the comparison. What is alike, or is in one only, is not opened. */
export function compareRows(
  a: AnalysedTrace,
  b: AnalysedTrace,
  comparison: TraceComparison,
  { all, limit }: CompareRowOptions,
): CompareRow[] {
  const { depth, size, changes, changesBelow, totals } = comparison;
  const least = Math.max(LEAST_DIFFERENCE_US, LEAST_DIFFERENCE_SHARE * totals[0].durationUs);
  const rows: CompareRow[] = [];
  let line = 0;
  while (line < comparison.count && rows.length < limit) {
    const difference = lineDifference(a, b, comparison, line);
    const isAlike = changesBelow[line] === 0 && Math.abs(difference.durationUs) < least;
    const isInOne = (changes[line]! & (CHANGE.added | CHANGE.removed)) !== 0;
    const last = rows.at(-1);
    if (all || !(isAlike || isInOne)) {
      rows.push({ line, depth: depth[line]!, difference, hidden: 0 });
      line++;
      continue;
    }
    if (isInOne) rows.push({ line, depth: depth[line]!, difference, hidden: size[line]! - 1 });
    else if (last !== undefined && "alike" in last && last.depth === depth[line]) {
      rows[rows.length - 1] = { alike: last.alike + size[line]!, depth: last.depth };
    } else rows.push({ alike: size[line]!, depth: depth[line]! });
    line += size[line]!;
  }
  return rows;
}
