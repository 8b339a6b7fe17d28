/** How much is held in memory at once. */
export interface MapLimits {
  /** Spans of one trace; larger ones are left out. */
  readonly spansOfTrace: number;
  /** Spans and traces of a group that is read with one statement. */
  readonly spansAtOnce: number;
  readonly tracesAtOnce: number;
  /** Rows of a group: what is sent twice and what is running is not counted beforehand, and may make it more. */
  readonly rowsAtOnce: number;
  /** Rows of summaries that one statement gathers traces from: at first, and at most. */
  readonly firstSummaries: number;
  readonly mostSummaries: number;
}

export const MAP_LIMITS: MapLimits = {
  // As many as an answer of one trace carries.
  spansOfTrace: 100_000,
  spansAtOnce: 50_000,
  tracesAtOnce: 20_000,
  rowsAtOnce: 300_000,
  firstSummaries: 2_048,
  mostSummaries: 65_536,
};
