/** What traces are told apart by beside a list of them, in the order shown. */
export const FACETS = ["status", "service", "agent", "model", "testCase", "testRun", "user"] as const;

export type FacetName = (typeof FACETS)[number];

/** Values that the traces of a list have, and how many traces have each. */
export interface TraceFacets {
  /** Traces for which all conditions hold, as far as they were looked at. */
  readonly traceCount: number;
  /** Set when there are too many traces to look at: the newest, from this moment on, were. Epoch milliseconds. */
  readonly sinceMs?: number;
  /** In the order of `FACETS`; one of which no trace has a value is left out. */
  readonly facets: readonly Facet[];
  readonly tookMs: number;
}

/**
 * The values of one kind, the most frequent first, at most `FACET_VALUES`. Conditions on `status`, `service`, `agent`
 * and `model` do not narrow the counts of their own kind: they say what choosing another value would find.
 */
export interface Facet {
  readonly name: FacetName;
  readonly values: readonly FacetValue[];
  /** Whether there are more values. */
  readonly hasMore: boolean;
}

export interface FacetValue {
  /** `error` or `ok` for `status`. */
  readonly value: string;
  readonly count: number;
}

/** Values told of one kind. */
export const FACET_VALUES = 20;
