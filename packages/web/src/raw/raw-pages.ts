import type { TraceColumns } from "@clew/protocol/api/trace-columns";

/** Spans that follow each other by their start, and the stretch of time that has them and no others. */
export interface RawPage {
  /** Row of the first. */
  readonly first: number;
  readonly count: number;
  /** Unix epoch, nanoseconds, 19 decimal digits; `to` is exclusive. */
  readonly from: string;
  readonly to: string;
}

/** All spans in pages of at least `size`, but for the last one; spans that start together are not parted. */
export function rawPages(trace: Pick<TraceColumns, "n" | "start" | "t0Nanos">, size: number): RawPage[] {
  const pages: RawPage[] = [];
  const t0 = BigInt(trace.t0Nanos);
  const nanosOf = (row: number): number => Math.round((trace.start[row] ?? 0) * 1000);
  for (let first = 0; first < trace.n; ) {
    let end = Math.min(trace.n, first + size);
    while (end < trace.n && nanosOf(end) === nanosOf(end - 1)) end++;
    const to = nanosOf(end - 1) + 1;
    pages.push({
      first,
      count: end - first,
      from: moment(t0 + BigInt(nanosOf(first))),
      to: moment(t0 + BigInt(to)),
    });
    first = end;
  }
  return pages;
}

/** Fewer digits would be taken for milliseconds. */
function moment(nanos: bigint): string {
  return String(nanos).padStart(19, "0");
}

/** Index of the page that has a row; 0 for none. */
export function pageOf(pages: readonly RawPage[], row: number): number {
  return Math.max(
    0,
    pages.findLastIndex(({ first }) => first <= row),
  );
}
