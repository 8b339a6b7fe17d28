import type { SearchQuery } from "../ast.ts";
import type { Value } from "../value.ts";
import { evaluatePipeline } from "./evaluate-pipeline.ts";
import type { PlainTrace } from "./plain-trace.ts";
import { viewTrace } from "./trace-view.ts";

/** A trace that a search found. */
export interface TraceMatch {
  readonly traceId: string;
  readonly spansets: readonly SpansetMatch[];
}

export interface SpansetMatch {
  /** In the order of the trace's spans. */
  readonly spanIds: readonly string[];
  /** Values of the `by` stages. */
  readonly groups: readonly Value[];
}

/** All traces of which the query leaves spans, the newest first; traces of one start by id. Hints have no effect. */
export function evaluateSearch(query: SearchQuery, traces: readonly PlainTrace[]): readonly TraceMatch[] {
  return traces
    .filter(({ spans }) => spans.length > 0)
    .map(viewTrace)
    .toSorted((a, b) => (a.start === b.start ? (a.traceId < b.traceId ? -1 : 1) : a.start > b.start ? -1 : 1))
    .map(({ traceId, spans }) => {
      const left = evaluatePipeline(query.pipeline, [{ spans, groups: [] }]);
      const order = new Map(spans.map((span, index) => [span, index]));
      const spansets = left.map((spanset) => ({
        spanIds: spanset.spans
          .toSorted((a, b) => order.get(a)! - order.get(b)!)
          .map(({ span }) => span.spanId),
        groups: spanset.groups,
      }));
      return { traceId, spansets };
    })
    .filter(({ spansets }) => spansets.length > 0);
}
