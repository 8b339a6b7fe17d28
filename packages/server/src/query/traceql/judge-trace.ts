import type { Field, SpansetFilter } from "@clew/protocol/traceql/ast";
import type { Value } from "@clew/protocol/traceql/value";
import { evaluatePipeline, type Group } from "./evaluate-pipeline.ts";
import { spansThat } from "./filter-test.ts";
import type { ReadTrace } from "./read-spans.ts";
import type { SpanSet } from "./related-spans.ts";
import type { SearchPlan } from "./search-plan.ts";
import { evaluate } from "./span-reader.ts";

/** What a query leaves of a trace. */
export interface SpansetMatch {
  readonly groups: readonly Group[];
  readonly count: number;
  /** The first by start, as many as are shown. */
  readonly spans: readonly SpanMatch[];
}

export interface SpanMatch {
  readonly spanId: string;
  readonly startNs: bigint;
  readonly durationNs: bigint;
  /** In the order of `SearchPlan.selected`. */
  readonly selected: readonly { readonly field: Field; readonly value: Value }[];
}

/** The spansets that a query leaves of a whole trace; none when it does not match. */
export function judgeTrace(trace: ReadTrace, plan: SearchPlan, spansShown: number): readonly SpansetMatch[] {
  const { tree, columns, rows } = trace;
  const { count, ids, starts, durations } = tree.spans;
  const known = new Map<SpansetFilter, SpanSet>();
  const taken = (filter: SpansetFilter): SpanSet => {
    const test = plan.tests.get(filter);
    const spans =
      known.get(filter) ??
      (test === undefined ? new Uint8Array(count).fill(1) : spansThat(test, trace, columns, rows));
    known.set(filter, spans);
    return spans;
  };
  const all = Array.from({ length: count }, (_, span) => span);
  const left = evaluatePipeline(plan.query.pipeline, [{ spans: all, groups: [] }], { ...trace, taken });
  return left.map(({ groups, spans }) => ({
    groups,
    count: spans.length,
    spans: spans.slice(0, spansShown).map((span) => ({
      spanId: ids[span]!,
      startNs: starts[span]!,
      durationNs: durations[span]!,
      selected: plan.selected.map((field) => ({ field, value: evaluate(field, trace, span) })),
    })),
  }));
}
