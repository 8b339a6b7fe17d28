import type { Series } from "@clew/protocol/traceql/series";
import type { TimeSteps } from "@clew/protocol/traceql/time-steps";
import type { Store } from "../../../store/store.ts";
import { BudgetSpent, type PartialReason, type SearchBudget } from "../search-budget.ts";
import type { Exemplars } from "./exemplars.ts";

/** What one answer is made with. */
export interface MetricsContext {
  readonly store: Store;
  readonly steps: TimeSteps;
  readonly budget: SearchBudget;
  readonly exemplars: Exemplars;
  /** In times of up to so many spans, what was stored twice counts once. */
  readonly onceUpTo: number;
  readonly signal: AbortSignal | undefined;
}

/** How far back everything was looked at. */
export interface Progress {
  /** All spans that start behind this were looked at; absent before there are any. */
  doneNs?: bigint;
  /** Some trace was too large to be judged. */
  leftOut?: true;
}

export interface PipelineSeries {
  readonly series: readonly Series[];
  readonly partial?: PartialSeries;
}

/** Set when not all spans were looked at. */
export interface PartialSeries {
  readonly reason: PartialReason;
  /** All spans that start behind this were looked at; absent when none were. */
  readonly doneNs?: bigint;
}

/** Does some work as far as the budget lets it, and tells what is missing then. */
export async function asFarAsPossible(
  progress: Progress,
  work: () => Promise<void>,
): Promise<{ readonly partial?: PartialSeries }> {
  const done = () => (progress.doneNs === undefined ? {} : { doneNs: progress.doneNs });
  try {
    await work();
    return progress.leftOut ? { partial: { reason: "size", ...done() } } : {};
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    return { partial: { reason: error.reason, ...done() } };
  }
}
