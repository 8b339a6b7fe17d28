import type { SpanRows, Totals, TraceAnalysis } from "../analysis.ts";

/** What a comparison reads of a trace. */
export interface AnalysedTrace {
  readonly trace: SpanRows;
  readonly analysis: Pick<TraceAnalysis, "tree" | "clock" | "rollUps">;
}

/** Bits of `TraceComparison.changes`. */
export const CHANGE = {
  /** Only in the first trace, with all below it. */
  removed: 1,
  /** Only in the second trace, with all below it. */
  added: 2,
  /** In the same place and does the same sort of thing, but another agent, tool or name. */
  renamed: 4,
  /** Another model, not only another version of it. */
  model: 8,
  /** One failed, or has not ended, and the other has; or both failed and said something else. */
  outcome: 16,
} as const;

/**
 * Two traces laid over each other: a tree with a line for each span of either, those that are the same in both in one
 * line. Everything by line; parents come before their children, siblings in order of time.
 */
export interface TraceComparison {
  readonly count: number;
  /** Row in the first trace; -1 for what was added. */
  readonly a: Int32Array;
  /** Row in the second trace; -1 for what was removed. */
  readonly b: Int32Array;
  /** Line of the parent; -1 for tops. */
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  /** Lines at or below. */
  readonly size: Int32Array;
  /** `CHANGE` bits; 0 where nothing but times, tokens and cost may differ. */
  readonly changes: Uint8Array;
  /** Lines at or below with a change. */
  readonly changesBelow: Int32Array;
  /**
   * Where the traces first went different ways; -1 where they did the same. A line that failed in one of them comes
   * after everything below it, for that may be why.
   */
  readonly firstDivergence: number;
  /** The deepest line that most of the difference in duration comes from; -1 where that is not worth a word. */
  readonly timeDifference: number;
  readonly totals: readonly [a: TraceSum, b: TraceSum];
}

export interface TraceSum extends Totals {
  readonly durationUs: number;
}

/** How the second trace's span differs from the first's, with everything below; what is in one only counts whole. */
export interface LineDifference {
  readonly durationUs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicro: number;
}
