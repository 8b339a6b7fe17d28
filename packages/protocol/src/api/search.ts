import type { KeyValue } from "../otlp/model.ts";
import type { TraceItem } from "./trace-item.ts";

/** The newest traces that a query matches. */
export interface SearchAnswer {
  readonly items: readonly SearchItem[];
  /** Set when the search ended before the page was full although there may be more: `next` goes on from there. */
  readonly partial?: {
    /** `time`: it took as long as a search may. `size`: it would read more than a search may. */
    readonly reason: "time" | "size";
  };
  /** Absent when all traces were looked at. A next page may be empty. */
  readonly next?: string;
  readonly tookMs: number;
}

/** A trace as in lists, with the spans that match. */
export interface SearchItem extends TraceItem {
  /** One, or one for each value of `by(...)`, of which the first 100 are told. */
  readonly spanSets: readonly SpanSet[];
  readonly spanSetCount: number;
}

/** Spans of a trace that match together. */
export interface SpanSet {
  /** How many spans match. */
  readonly matched: number;
  /** What `by(...)` asked, and its value: text of a duration or an enum; none for nil. */
  readonly attributes: readonly KeyValue[];
  /** The first of them by start. */
  readonly spans: readonly MatchedSpan[];
}

export interface MatchedSpan {
  readonly spanId: string;
  readonly name: string;
  readonly service: string;
  /** Unix epoch, nanoseconds, decimal. */
  readonly startNanos: string;
  readonly startMs: number;
  /** 0 while the span runs. */
  readonly durMs: number;
  /** What `select(...)` asked and the span has. */
  readonly attributes: readonly KeyValue[];
}
