import type { MetricsAnswer } from "@clew/protocol/api/metrics";

/** How many traces began, in steps of one length. */
export interface Counts {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** Ends of the steps. */
  readonly timesMs: readonly number[];
  readonly total: readonly number[];
  /** Of which the root span has an error. */
  readonly failed: readonly number[];
}

/** Reads the answer to a count by status. A point stands for what began in the step before it. */
export function countsOf({ timesMs, series }: Pick<MetricsAnswer, "timesMs" | "series">): Counts {
  const [first = 0, second = first + 1] = timesMs;
  const stepMs = second - first;
  const total = timesMs.map(() => 0);
  const failed = timesMs.map(() => 0);
  for (const { labels, values } of series) {
    const isError = labels.some(({ key, value }) => key === "status" && value?.stringValue === "error");
    for (const [index, value] of values.entries()) {
      total[index]! += value ?? 0;
      if (isError) failed[index]! += value ?? 0;
    }
  }
  return { fromMs: first - stepMs, toMs: timesMs.at(-1) ?? first, stepMs, timesMs, total, failed };
}
