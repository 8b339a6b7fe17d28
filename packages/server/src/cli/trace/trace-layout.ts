import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import type { SpanTree, TraceAnalysis } from "@clew/protocol/analysis/analysis";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { type Subtrees, subtrees } from "./subtrees.ts";
import { type TreeRow, treeRows } from "./tree-rows.ts";

export interface LayoutOptions {
  /** Every span gets a row: nothing is folded, nothing left out. */
  readonly all: boolean;
  /** Rows of the tree at most. */
  readonly limit: number;
}

/** Which rows a trace is shown as. */
export interface TraceLayout {
  readonly analysis: TraceAnalysis;
  readonly tree: SpanTree;
  readonly parts: Subtrees;
  readonly rows: readonly TreeRow[];
}

const FOLD_FROM = 4;

export function layOutTrace(trace: TraceColumns, { all, limit }: LayoutOptions): TraceLayout {
  const analysis = analyseTrace(trace);
  const { tree } = analysis;
  const parts = subtrees(trace, tree);
  const rows = treeRows(tree, parts, {
    foldFrom: all ? Number.POSITIVE_INFINITY : FOLD_FROM,
    limit: all ? Number.POSITIVE_INFINITY : limit,
  });
  return { analysis, tree, parts, rows };
}

/** The span whose error a row tells: its own, or where the row stands for more than it shows, one of those. */
export function errorSpanOf(trace: TraceColumns, { parts }: TraceLayout, row: TreeRow): number | undefined {
  const first = row.spans[0];
  if (first === undefined || parts.errors[first] === 0) return undefined;
  // What a span right below says as well is told there, where it began.
  if (trace.status[first] === 2)
    return parts.repeatsBelow[first] === 1 && row.hasRowsBelow ? undefined : first;
  return row.hasRowsBelow ? undefined : parts.firstError[first];
}

/** The spans whose errors are told, in the order of the rows. */
export function errorSpans(trace: TraceColumns, layout: TraceLayout): number[] {
  return layout.rows.flatMap((row) => errorSpanOf(trace, layout, row) ?? []);
}
