import type { KeyValue } from "../otlp/model.ts";

/** What a metrics query of TraceQL adds up to, over time. */
export interface MetricsAnswer {
  /**
   * The points of time, Unix epoch in milliseconds, ascending; one alone when no step was asked for. A point stands for
   * the spans that start after the point before it and not after itself.
   */
  readonly timesMs: readonly number[];
  /** Ordered by labels; empty when no span matched. */
  readonly series: readonly MetricsSeries[];
  /** Set when not all spans were looked at: those of older points are missing, or, without a step, some are. */
  readonly partial?: {
    /** `time`: it took as long as a query may. `size`: it would read more than a query may. */
    readonly reason: "time" | "size";
  };
  /** Set when there were more series than one answer carries. */
  readonly truncated?: { readonly total: number; readonly shown: number };
  readonly tookMs: number;
}

export interface MetricsSeries {
  /** `__name__` alone for a query without `by(...)`. A label without a value is nil. */
  readonly labels: readonly KeyValue[];
  /**
   * One for each point of time; null where there is none. Durations are seconds. Empty for what `compare()` labels
   * `__meta_error`.
   */
  readonly values: readonly (number | null)[];
  /** Spans of the series as examples, oldest first; at most as many as were asked for. */
  readonly exemplars: readonly MetricsExemplar[];
}

export interface MetricsExemplar {
  readonly traceId: string;
  readonly spanId: string;
  /** Start of the span, Unix epoch in milliseconds. */
  readonly timeMs: number;
  /** What the span says of the quantity that is measured, durations in seconds; null where spans are only counted. */
  readonly value: number | null;
}
