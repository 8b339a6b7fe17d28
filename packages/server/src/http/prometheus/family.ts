import type { Histogram } from "../../query/prometheus/histogram.ts";

interface Described {
  /** Without the suffix that the kind brings: `_total` of a counter, `_bucket`, `_sum` and `_count` of a histogram. */
  readonly name: string;
  readonly help: string;
  /** Names of the labels that all its series have. */
  readonly labels: readonly string[];
}

/** Numbers of one name: a counter's only rise, as long as the server lives. */
export interface NumberFamily extends Described {
  readonly kind: "counter" | "gauge";
  /** Values of the labels, in the order of their names, and the number. */
  readonly series: Iterable<readonly [labels: readonly string[], value: number]>;
}

export interface HistogramFamily extends Described {
  readonly kind: "histogram";
  /** Nanoseconds in the unit of its numbers. */
  readonly unitNs: number;
  /** As above; there is at least one label. */
  readonly series: Iterable<readonly [labels: readonly string[], value: Histogram]>;
}

/** Everything that is exposed under one name. */
export type Family = NumberFamily | HistogramFamily;
