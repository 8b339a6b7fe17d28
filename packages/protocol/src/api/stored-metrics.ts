import type { MetricsAnswer } from "./metrics.ts";

export type MetricKind = "gauge" | "sum" | "histogram" | "exponential_histogram" | "summary";

/** A metric that programs sent. One name may be several: of another kind, or in another unit. */
export interface StoredMetricName {
  readonly name: string;
  readonly kind: MetricKind;
  /** UCUM, as sent; often empty. */
  readonly unit: string;
  readonly description: string;
  /** Data points in the time that was asked for. */
  readonly pointCount: number;
  /** When the newest of them was taken, Unix epoch in milliseconds. */
  readonly lastMs: number;
}

export interface StoredMetricNames {
  /** By name. */
  readonly items: readonly StoredMetricName[];
  /** Set when there are more than one answer carries; a part of the name finds others. */
  readonly isCut?: true;
  /** Set when it took as long, or would have read more, than a query may; then there are no items. */
  readonly partial?: MetricsAnswer["partial"];
  readonly tookMs: number;
}

/**
 * What was sent of a metric, over time. A point of time stands for what was measured after the point before it and not
 * after itself.
 */
export interface StoredMetric extends MetricsAnswer {
  /** Absent when nothing is stored under the name in this time. */
  readonly metric?: StoredMetricName;
  /**
   * `value`: the last values of that time, the mean of all gauges, the sum of all sums that may fall. `rate`: by how
   * much a sum that only rises did, a second. `quantile`: label `p`, of a distribution, as its buckets tell.
   */
  readonly shows: "value" | "rate" | "quantile";
  /** Names of attributes that its points carry, some 100 at most: what `by` may be. */
  readonly attributeNames: readonly string[];
}
