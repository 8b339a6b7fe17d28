import type { SpanTree } from "@clew/protocol/analysis/analysis";
import { buildTree } from "@clew/protocol/analysis/tree";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { useMemo, useState } from "react";
import { type AlikeRuns, alikeRuns } from "./alike-runs.ts";
import { infrastructureOf } from "./infrastructure.ts";
import { above, type ShownTree, shownTree, visibleRows } from "./shown-tree.ts";
import { sumsOf, type TraceSums } from "./trace-sums.ts";

export interface TraceRows {
  /** All spans, whether they are shown or not. */
  readonly whole: SpanTree;
  /** What is at or below each span, whether it is shown or not. */
  readonly sums: TraceSums;
  readonly tree: ShownTree;
  /** Whether a span is left out now. */
  readonly isLeftOut: (span: number) => boolean;
  /** Spans that are, or would be, left out; 0 where there is no choice. */
  readonly infrastructure: number;
  /** Spans that have a row, in order. */
  readonly rows: Int32Array;
  readonly isClosed: (span: number) => boolean;
  readonly setClosed: (span: number, closed: boolean) => void;
  readonly closeAll: () => void;
  readonly openAll: () => void;
  /** Siblings that may be folded into one row. */
  readonly runs: AlikeRuns;
  readonly hasRuns: boolean;
  /** Whether the row of a span stands for the run that begins with it. */
  readonly isFolded: (span: number) => boolean;
  /** Whether a span begins a run that was folded and has been unfolded. */
  readonly isUnfolded: (span: number) => boolean;
  readonly setFolded: (first: number, folded: boolean) => void;
  /** Opens what is above the span and unfolds what it is folded into, so that it has a row. */
  readonly reveal: (span: number) => void;
}

/** Which spans share an id is told by the analysis; here it would only be waited for. */
const NO_DUPLICATES = new Int32Array(0);

interface RowChoices {
  /** Only agents, models and tools. */
  readonly isBrief: boolean;
  /** Siblings that are alike share a row. */
  readonly folds: boolean;
}

/** Which spans have a row. What is closed or unfolded is remembered by id: when a trace grows, indexes move. */
export function useTraceRows(trace: TraceColumns, { isBrief, folds }: RowChoices): TraceRows {
  const [closed, setClosedIds] = useState<ReadonlySet<string>>(new Set());
  const [unfolded, setUnfoldedIds] = useState<ReadonlySet<string>>(new Set());
  const whole = useMemo(() => buildTree(trace, trace.start, NO_DUPLICATES), [trace]);
  const sums = useMemo(() => sumsOf(trace, whole), [trace, whole]);
  const leftOut = useMemo(() => infrastructureOf(trace, whole, sums), [trace, whole, sums]);
  const tree = useMemo(() => shownTree(whole, isBrief ? leftOut : undefined), [whole, leftOut, isBrief]);
  const infrastructure = useMemo(() => leftOut?.reduce((sum, one) => sum + one, 0) ?? 0, [leftOut]);
  const runs = useMemo(() => alikeRuns(trace, tree, sums.errors), [trace, tree, sums]);
  const isFolded = (span: number): boolean =>
    folds && runs.times[span]! > 0 && !unfolded.has(trace.id[span] ?? "");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is folded follows from these
  const rows = useMemo(
    () =>
      visibleRows(
        tree,
        closed.size === 0 ? () => false : (span) => closed.has(trace.id[span] ?? ""),
        folds ? (span) => (isFolded(span) ? runs.beyond[span] : undefined) : undefined,
      ),
    [tree, closed, trace, runs, folds, unfolded],
  );
  const change = (edit: (ids: Set<string>) => void): void =>
    setClosedIds((old) => {
      const next = new Set(old);
      edit(next);
      return next;
    });
  const changeFolds = (firsts: readonly number[], folded: boolean): void =>
    setUnfoldedIds((old) => {
      const next = new Set(old);
      for (const first of firsts) folded ? next.delete(idOf(first)) : next.add(idOf(first));
      return next;
    });
  const idOf = (span: number): string => trace.id[span] ?? "";
  return {
    whole,
    sums,
    tree,
    isLeftOut: (span) => isBrief && leftOut?.[span] === 1,
    infrastructure,
    rows,
    isClosed: (span) => closed.has(idOf(span)),
    setClosed: (span, isClosed) =>
      change((ids) => void (isClosed ? ids.add(idOf(span)) : ids.delete(idOf(span)))),
    closeAll: () =>
      change((ids) => {
        for (let span = 0; span < trace.n; span++)
          if (tree.size[span]! > 1 && tree.depth[span]! > 0) ids.add(idOf(span));
      }),
    openAll: () => setClosedIds(new Set()),
    runs,
    hasRuns: useMemo(() => runs.times.some((times) => times > 0), [runs]),
    isFolded,
    isUnfolded: (span) => folds && runs.times[span]! > 0 && unfolded.has(idOf(span)),
    setFolded: (first, folded) => changeFolds([first], folded),
    reveal: (span) => {
      const ways = [...above(tree, span)];
      const hiding = ways.filter((at) => closed.has(idOf(at)));
      if (hiding.length > 0) change((ids) => hiding.forEach((at) => void ids.delete(idOf(at))));
      // The first of a run has its row; what is below it has not.
      const first = runs.firstOf[span]!;
      const folded = [...(first === span ? [] : [first]), ...ways.map((at) => runs.firstOf[at]!)];
      const unfolding = folded.filter((at) => at >= 0 && isFolded(at));
      if (unfolding.length > 0) changeFolds(unfolding, false);
    },
  };
}
