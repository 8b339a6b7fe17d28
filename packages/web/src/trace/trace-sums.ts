import type { RollUps, SpanTree, Totals } from "@clew/protocol/analysis/analysis";
import { rollUps } from "@clew/protocol/analysis/roll-ups";
import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";

/** A trace added up; tokens and cost count once. */
export interface TraceTotals extends Totals {
  readonly running: number;
  readonly rootMissing: boolean;
}

const NONE = new Int32Array(0);
const NO_TIMES = new Float64Array(0);
const NO_RUNS = {
  count: 0,
  ...{ runOf: NONE, entry: NONE, caller: NONE, agent: NONE, service: NONE, end: NO_TIMES },
};

/** What is at or below each span. The sums do not ask for lanes, which take longer to tell: all spans are in one. */
export function sumsOf(trace: TraceColumns, tree: SpanTree): RollUps {
  const all = { label: "", agent: "", service: "", instance: 1, firstSpan: 0 };
  return rollUps(trace, tree, {
    lanes: [{ ...all, spans: trace.n, startUs: 0, endUs: 0 }],
    laneOf: new Int32Array(trace.n),
    runs: NO_RUNS,
  });
}

export function totalsOf(trace: TraceColumns, tree: SpanTree, { whole }: RollUps): TraceTotals {
  const running = trace.flags.reduce((sum, flags) => sum + ((flags & SPAN_FLAG.running) === 0 ? 0 : 1), 0);
  return { ...whole, running, rootMissing: tree.roots.length === 0 };
}
