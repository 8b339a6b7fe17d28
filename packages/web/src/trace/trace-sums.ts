import type { RollUps, SpanTree } from "@clew/protocol/analysis/analysis";
import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";

/** By row, with everything below: what rows show. The same as the analysis tells, which takes longer. */
export type TraceSums = Pick<RollUps, "errors" | "inputTokens" | "outputTokens" | "costMicro">;

/** A trace added up; tokens and cost count once. */
export interface TraceTotals {
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly costMicro: number;
  readonly running: number;
  readonly rootMissing: boolean;
}

/** One pass from the last row to the first: it is waited for before there are any rows to see. */
export function sumsOf(trace: TraceColumns, { n, order, parent }: SpanTree): TraceSums {
  const { status, flags, tokIn, tokOut, costMicro } = trace;
  const sums = {
    errors: new Int32Array(n),
    inputTokens: new Float64Array(n),
    outputTokens: new Float64Array(n),
    costMicro: new Float64Array(n),
  };
  for (let at = n - 1; at >= 0; at--) {
    const row = order[at]!;
    if (status[row] === 2) sums.errors[row]!++;
    if (isCounted(flags[row])) {
      sums.inputTokens[row]! += tokIn[row] || 0;
      sums.outputTokens[row]! += tokOut[row] || 0;
      sums.costMicro[row]! += costMicro[row] || 0;
    }
    const above = parent[row]!;
    if (above < 0) continue;
    if (sums.errors[row]! > 0) sums.errors[above]! += sums.errors[row]!;
    sums.inputTokens[above]! += sums.inputTokens[row]!;
    sums.outputTokens[above]! += sums.outputTokens[row]!;
    sums.costMicro[above]! += sums.costMicro[row]!;
  }
  return sums;
}

export function totalsOf(trace: TraceColumns, tree: SpanTree): TraceTotals {
  const totals = { errors: 0, inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costMicro: 0, running: 0 };
  for (let row = 0; row < trace.n; row++) {
    const flags = trace.flags[row];
    if (trace.status[row] === 2) totals.errors++;
    if (((flags ?? 0) & SPAN_FLAG.running) !== 0) totals.running++;
    if (!isCounted(flags)) continue;
    totals.inputTokens += trace.tokIn[row] || 0;
    totals.outputTokens += trace.tokOut[row] || 0;
    totals.cacheReadTokens += trace.tokCacheR[row] || 0;
    totals.costMicro += trace.costMicro[row] || 0;
  }
  return { ...totals, rootMissing: tree.roots.length === 0 };
}

function isCounted(flags = 0): boolean {
  return (flags & (SPAN_FLAG.counted | SPAN_FLAG.running)) === SPAN_FLAG.counted;
}
