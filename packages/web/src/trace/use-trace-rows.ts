import type { RollUps, SpanTree } from "@clew/protocol/analysis/analysis";
import { buildTree } from "@clew/protocol/analysis/tree";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { useMemo, useState } from "react";
import { infrastructureOf } from "./infrastructure.ts";
import { above, type ShownTree, shownTree, visibleRows } from "./shown-tree.ts";
import { sumsOf } from "./trace-sums.ts";

export interface TraceRows {
  /** All spans, whether they are shown or not. */
  readonly whole: SpanTree;
  /** What is at or below each span, whether it is shown or not. */
  readonly sums: RollUps;
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
  /** Opens what is above the span, so that it has a row. */
  readonly reveal: (span: number) => void;
}

/** Which spans have a row; only agents, models and tools where `isBrief`. Closed ones are remembered by id: when a trace grows, indexes move. */
export function useTraceRows(trace: TraceColumns, isBrief: boolean): TraceRows {
  const [closed, setClosedIds] = useState<ReadonlySet<string>>(new Set());
  const whole = useMemo(() => buildTree(trace), [trace]);
  const sums = useMemo(() => sumsOf(trace, whole), [trace, whole]);
  const leftOut = useMemo(() => infrastructureOf(trace, whole, sums), [trace, whole, sums]);
  const tree = useMemo(() => shownTree(whole, isBrief ? leftOut : undefined), [whole, leftOut, isBrief]);
  const infrastructure = useMemo(() => leftOut?.reduce((sum, one) => sum + one, 0) ?? 0, [leftOut]);
  const rows = useMemo(
    () => visibleRows(tree, closed.size === 0 ? () => false : (span) => closed.has(trace.id[span] ?? "")),
    [tree, closed, trace],
  );
  const change = (edit: (ids: Set<string>) => void): void =>
    setClosedIds((old) => {
      const next = new Set(old);
      edit(next);
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
    reveal: (span) => {
      const hiding = [...above(tree, span)].filter((at) => closed.has(idOf(at)));
      if (hiding.length > 0) change((ids) => hiding.forEach((at) => void ids.delete(idOf(at))));
    },
  };
}
