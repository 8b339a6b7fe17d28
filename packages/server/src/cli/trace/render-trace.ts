import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { Screen } from "../screen/screen.ts";
import { findingLines } from "./finding-lines.ts";
import { pathLines } from "./path-lines.ts";
import { traceHeader } from "./trace-header.ts";
import type { TraceLayout } from "./trace-layout.ts";
import { traceNotes } from "./trace-notes.ts";
import { treeLines } from "./tree-lines.ts";
import { waitLines } from "./wait-lines.ts";

export interface RenderTraceOptions {
  readonly screen: Screen;
  readonly nowMs: number;
  /** What spans said about their errors, by index of the span; the error's type stands in where there is none. */
  readonly errors?: ReadonlyMap<number, string>;
}

/** A trace as lines: header, tree with a time bar per span, what has to be known about it, and what explains it. */
export function renderTrace(trace: TraceColumns, layout: TraceLayout, options: RenderTraceOptions): string[] {
  const { screen, nowMs, errors = new Map() } = options;
  return [
    ...traceHeader(trace, layout.tree, screen, nowMs),
    "",
    ...treeLines(trace, layout, errors, screen),
    ...traceNotes(trace, layout, screen),
    ...pathLines(trace, layout.analysis, screen),
    ...waitLines(layout.analysis, screen),
    ...findingLines(layout.analysis, screen),
  ];
}
