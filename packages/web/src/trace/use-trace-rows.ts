import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { useMemo, useState } from "react";
import { infrastructureOf } from "./infrastructure.ts";
import { above, type TraceTree, treeOf, visibleRows } from "./trace-tree.ts";

export interface TraceRows {
  readonly tree: TraceTree;
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
  const whole = useMemo(() => treeOf(trace), [trace]);
  const leftOut = useMemo(() => infrastructureOf(trace, whole), [trace, whole]);
  const tree = useMemo(
    () => (isBrief && leftOut !== undefined ? treeOf(trace, leftOut) : whole),
    [trace, whole, leftOut, isBrief],
  );
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
    tree,
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
