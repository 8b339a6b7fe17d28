import type { Calls, Exemplar } from "./histogram.ts";

/** What statements say of the spans of one series and bucket; 64-bit integers are decimal texts. */
export interface BucketRow {
  readonly bound: string;
  readonly calls: string;
  readonly total_ns: number;
  readonly all_calls: string;
  readonly trace_id: string;
  readonly span_id: string;
  readonly example_ns: string;
  readonly ended_ns: string;
}

const NS_PER_MS = 1_000_000;

export function bucketOf(row: BucketRow): Calls {
  return {
    boundNs: Number(row.bound),
    calls: Number(row.calls),
    totalNs: row.total_ns,
    exemplar: exemplarOf(row, row.example_ns),
  };
}

/** The span of a row, of which this is the length. */
export function exemplarOf(
  row: Pick<BucketRow, "trace_id" | "span_id" | "ended_ns">,
  durationNs: string,
): Exemplar {
  return {
    traceId: row.trace_id,
    spanId: row.span_id,
    durationNs: Number(durationNs),
    // A clock that is ahead must not make all that follow too old.
    endedMs: Math.min(Number(row.ended_ns) / NS_PER_MS, Date.now()),
  };
}
