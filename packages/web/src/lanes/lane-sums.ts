import type { TraceAnalysis } from "@clew/protocol/analysis/analysis";
import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";

/** What the spans of one lane add up to; tokens and cost count once. */
export interface LaneSum {
  readonly spans: number;
  readonly errors: number;
  readonly tokens: number;
  readonly costMicro: number;
}

export function laneSums(trace: TraceColumns, { lanes }: Pick<TraceAnalysis, "lanes">): LaneSum[] {
  const sums = lanes.lanes.map(() => ({ spans: 0, errors: 0, tokens: 0, costMicro: 0 }));
  for (let row = 0; row < trace.n; row++) {
    const sum = sums[lanes.laneOf[row]!];
    if (sum === undefined) continue;
    sum.spans++;
    if (trace.status[row] === 2) sum.errors++;
    const flags = trace.flags[row] ?? 0;
    if ((flags & SPAN_FLAG.counted) === 0 || (flags & SPAN_FLAG.running) !== 0) continue;
    sum.tokens += (trace.tokIn[row] ?? 0) + (trace.tokOut[row] ?? 0);
    sum.costMicro += trace.costMicro[row] ?? 0;
  }
  return sums;
}
