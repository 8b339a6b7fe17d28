import { NO_PARENT, SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";

/** A trace added up; tokens and cost count once. */
export interface TraceTotals {
  readonly errors: number;
  readonly running: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly costUsd: number;
  readonly rootMissing: boolean;
  /** The error span that ended first, as an index; -1 without one. */
  readonly firstError: number;
}

export function totalsOf(trace: TraceColumns): TraceTotals {
  let errors = 0;
  let running = 0;
  let inputTokens = 0;
  let outputTokens = 0;
  let cacheReadTokens = 0;
  let costMicro = 0;
  let firstError = -1;
  let firstEnd = Number.POSITIVE_INFINITY;
  for (let at = 0; at < trace.n; at++) {
    const flags = trace.flags[at] ?? 0;
    if ((flags & SPAN_FLAG.running) !== 0) running++;
    if (trace.status[at] === 2) {
      errors++;
      const end = (trace.start[at] ?? 0) + (trace.dur[at] ?? 0);
      if (end < firstEnd) {
        firstEnd = end;
        firstError = at;
      }
    }
    if ((flags & SPAN_FLAG.counted) === 0) continue;
    inputTokens += trace.tokIn[at] ?? 0;
    outputTokens += trace.tokOut[at] ?? 0;
    cacheReadTokens += trace.tokCacheR[at] ?? 0;
    costMicro += trace.costMicro[at] ?? 0;
  }
  const rootMissing = !trace.parent.includes(NO_PARENT);
  return {
    errors,
    running,
    inputTokens,
    outputTokens,
    cacheReadTokens,
    costUsd: costMicro / 1e6,
    rootMissing,
    firstError,
  };
}
