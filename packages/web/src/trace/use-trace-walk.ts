import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { useMemo } from "react";
import { errorWay, stepIn } from "./finding-walk.ts";
import { nextInLane } from "./lane-walk.ts";
import { type AnalysedTrace, useRowsNow } from "./use-analysis.ts";
import type { TraceRows } from "./use-trace-rows.ts";

export interface TraceWalk {
  /** Along the way of the errors; where nothing is explained yet, the errors in the order of the rows. */
  readonly error: (by: 1 | -1) => void;
  /** To the next or previous span in the order of the rows, closed ones included, for which it holds. */
  readonly to: (by: 1 | -1, holds: (span: number) => boolean) => void;
  readonly inLane: (by: 1 | -1) => void;
  /** Row of the trace as it is now, by row of the analysed one; -1 for none. */
  readonly rowNow: (row: number) => number;
}

/** Ways through a trace, from the selected span (-1 for none), or the one that is shown first. */
export function useTraceWalk(
  trace: TraceColumns,
  analysed: AnalysedTrace | undefined,
  rows: TraceRows,
  at: { readonly selected: number; readonly shown: number },
  jump: (span: number) => void,
): TraceWalk {
  const rowNow = useRowsNow(trace, analysed);
  const errors = useMemo(
    () => errorWay(trace, rows.tree, rows.sums.errors, analysed?.analysis.findings ?? [], rowNow),
    [trace, rows.tree, rows.sums, analysed, rowNow],
  );
  return {
    rowNow,
    error: (by) => {
      const next = stepIn(errors, at.selected, by);
      if (next !== undefined) jump(next);
    },
    to: (by, holds) => {
      const { order, place } = rows.tree;
      const from = at.selected >= 0 ? place[at.selected]! : by > 0 ? -1 : order.length;
      for (let step = 1; step <= order.length; step++) {
        const span = order[(from + by * step + order.length * 2) % order.length]!;
        if (!holds(span)) continue;
        jump(span);
        return;
      }
    },
    inLane: (by) => {
      if (analysed === undefined) return;
      const then = analysed.trace === trace ? at.shown : analysed.trace.id.indexOf(trace.id[at.shown] ?? "");
      if (then < 0) return;
      const next = nextInLane(analysed.analysis, then, by, (span) => rows.isLeftOut(rowNow(span)));
      if (next !== undefined && rowNow(next) >= 0) jump(rowNow(next));
    },
  };
}
