import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { Screen } from "../screen/screen.ts";
import { spanTree } from "./span-tree.ts";
import { subtrees } from "./subtrees.ts";
import { traceHeader } from "./trace-header.ts";
import { traceNotes } from "./trace-notes.ts";
import { treeLines } from "./tree-lines.ts";
import { treeRows } from "./tree-rows.ts";

export interface RenderTraceOptions {
  readonly screen: Screen;
  /** Every span gets a row: nothing is folded, nothing left out. */
  readonly all: boolean;
  /** Rows of the tree at most. */
  readonly limit: number;
  readonly nowMs: number;
}

const FOLD_FROM = 4;

/** A trace as lines: header, tree with a time bar per span, and what has to be known about it. */
export function renderTrace(trace: TraceColumns, options: RenderTraceOptions): string[] {
  const { screen, all, nowMs } = options;
  const tree = spanTree(trace);
  const parts = subtrees(trace, tree);
  const limit = all ? Number.POSITIVE_INFINITY : options.limit;
  const rows = treeRows(tree, parts, { foldFrom: all ? Number.POSITIVE_INFINITY : FOLD_FROM, limit });
  return [
    ...traceHeader(trace, tree, screen, nowMs),
    "",
    ...treeLines(trace, parts, rows, screen),
    ...traceNotes(trace, parts, rows, screen),
  ];
}
