/** Which span a row is of, and whether it was told while the span was running. */
export interface SpanRow {
  readonly trace_id: string;
  readonly span_id: string;
  /** In nanoseconds since the epoch. */
  readonly start_ns: string;
  readonly is_running: 0 | 1;
}

/**
 * Leaves out what was told of spans while they were running that have ended since. Rows come as `whole-spans.sql`
 * sorts them, in one call or in several.
 */
export class EndedFirst {
  #last: SpanRow | undefined;

  keep(row: SpanRow): boolean {
    const last = this.#last;
    this.#last = row;
    return !(
      last !== undefined &&
      last.span_id === row.span_id &&
      last.start_ns === row.start_ns &&
      last.trace_id === row.trace_id &&
      row.is_running === 1
    );
  }
}
