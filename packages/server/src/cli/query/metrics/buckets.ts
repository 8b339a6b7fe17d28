import type { MetricsSeries } from "@clew/protocol/api/metrics";
import { labelText } from "./series-name.ts";

/** The label of a histogram's series: up to which value it counts. */
export const BUCKET = "__bucket";

export function isHistogram(series: readonly MetricsSeries[]): boolean {
  return series.length > 0 && series.every(({ labels }) => labels.some(({ key }) => key === BUCKET));
}

/** The greatest value that belongs to the bucket. */
export function bucketOf(series: MetricsSeries): number {
  return Number(labelText(series, BUCKET));
}
