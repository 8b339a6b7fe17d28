/** Which span a row is of, and when it started and ended; times in nanoseconds since the epoch. */
export interface SpanTimes {
  readonly trace_id: string;
  readonly span_id: string;
  readonly start_ns: string;
  readonly duration_ns: string;
}

/** True for what was told of a span while it was running: the end time 0. */
export function isRunning({ start_ns, duration_ns }: Pick<SpanTimes, "start_ns" | "duration_ns">): boolean {
  return duration_ns.startsWith("-") && duration_ns.slice(1) === start_ns;
}

/**
 * Leaves out what was told of spans while they were running that have ended since. Rows come as `whole-spans.sql`
 * sorts them, in one call or in several.
 */
export class EndedFirst {
  #last: SpanTimes | undefined;

  keep(row: SpanTimes): boolean {
    const last = this.#last;
    this.#last = row;
    return !(
      last !== undefined &&
      last.span_id === row.span_id &&
      last.start_ns === row.start_ns &&
      last.trace_id === row.trace_id &&
      isRunning(row)
    );
  }
}
