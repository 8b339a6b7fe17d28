import type { SpanTree } from "@clew/protocol/analysis/analysis";
import type { Subtrees } from "./subtrees.ts";

/** A line of the tree. */
export interface TreeRow {
  /** The spans it stands for: one, or a run of equal siblings; none for a heading. */
  readonly spans: readonly number[];
  /** Text of a heading; empty otherwise. */
  readonly heading: string;
  /** For each level above, from the outside in: whether a line goes on to a later sibling. */
  readonly rails: readonly boolean[];
  readonly isLast: boolean;
  readonly depth: number;
  readonly hasRowsBelow: boolean;
}

export interface TreeRowOptions {
  /** Runs of this many equal siblings become one row. */
  readonly foldFrom: number;
  readonly limit: number;
}

interface Pending {
  readonly spans: readonly number[];
  readonly heading: string;
  readonly below: Int32Array;
  readonly rails: readonly boolean[];
  readonly isLast: boolean;
  readonly depth: number;
}

const NOTHING = new Int32Array(0);

/** At most `limit` rows, in the order of the tree; the work is bounded by the rows, not by the spans. */
export function treeRows(tree: SpanTree, parts: Subtrees, options: TreeRowOptions): TreeRow[] {
  const rows: TreeRow[] = [];
  const waiting: Pending[] = [];
  const push = (groups: readonly Omit<Pending, "rails" | "depth" | "isLast">[], above?: Pending): void => {
    const rails = above === undefined ? [] : above.depth === 0 ? [] : [...above.rails, !above.isLast];
    for (let at = Math.min(groups.length, options.limit) - 1; at >= 0; at--) {
      const depth = above === undefined ? 0 : above.depth + 1;
      waiting.push({ ...groups[at]!, rails, depth, isLast: at === groups.length - 1 });
    }
  };
  const childrenOf = (row: number): Int32Array =>
    tree.childRows.subarray(tree.childStart[row]!, tree.childStart[row + 1]!);
  const runs = (spans: Int32Array): Omit<Pending, "rails" | "depth" | "isLast">[] =>
    runsOf(spans, parts.shape, options.foldFrom).map((run) => ({
      spans: run,
      heading: "",
      below: run.length === 1 ? childrenOf(run[0]!) : NOTHING,
    }));
  const heading = (text: string, below: Int32Array) =>
    below.length === 0 ? [] : [{ spans: [], heading: text, below }];
  push([
    ...runs(tree.roots),
    ...heading(orphanText(tree), tree.orphans),
    ...heading("Spans that name each other as parent", tree.rings),
  ]);
  for (let next = waiting.pop(); next !== undefined && rows.length < options.limit; next = waiting.pop()) {
    const { spans, heading: text, rails, isLast, depth } = next;
    rows.push({ spans, heading: text, rails, isLast, depth, hasRowsBelow: next.below.length > 0 });
    if (next.below.length > 0) push(runs(next.below), next);
  }
  return rows;
}

function orphanText(tree: SpanTree): string {
  if (tree.roots.length === 0) return "The root span has not arrived";
  return "Spans whose parent has not arrived";
}

function runsOf(spans: Int32Array, shape: Int32Array, foldFrom: number): number[][] {
  const groups: number[][] = [];
  for (let at = 0; at < spans.length; ) {
    let end = at + 1;
    while (end < spans.length && shape[spans[end]!] === shape[spans[at]!]) end++;
    if (end - at >= foldFrom) groups.push([...spans.subarray(at, end)]);
    else for (const span of spans.subarray(at, end)) groups.push([span]);
    at = end;
  }
  return groups;
}
