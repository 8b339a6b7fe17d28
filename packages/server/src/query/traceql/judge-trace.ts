import type { Field, SpansetFilter } from "@clew/protocol/traceql/ast";
import type { Value } from "@clew/protocol/traceql/value";
import { evaluatePipeline, type Group, type Spanset } from "./evaluate-pipeline.ts";
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
  const { ids, starts, durations } = trace.tree.spans;
  return spansetsOf(trace, plan).map(({ groups, spans }) => ({
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

/** The spansets that the plan's pipeline leaves of a whole trace, with spans by their indexes. */
export function spansetsOf(trace: ReadTrace, plan: SearchPlan): readonly Spanset[] {
  const known = new Map<SpansetFilter, SpanSet>();
  const taken = (filter: SpansetFilter): SpanSet => {
    const spans = known.get(filter) ?? spansTaken(filter, trace, plan);
    known.set(filter, spans);
    return spans;
  };
  const all = Array.from({ length: trace.tree.spans.count }, (_, span) => span);
  return evaluatePipeline(plan.pipeline, [{ spans: all, groups: [] }], { ...trace, taken });
}

/** The spans of a trace that a filter of the plan takes. */
export function spansTaken(filter: SpansetFilter, trace: ReadTrace, { tests }: SearchPlan): SpanSet {
  const test = tests.get(filter);
  if (test === undefined) return new Uint8Array(trace.tree.spans.count).fill(1);
  return spansThat(test, trace, trace.columns, trace.rows);
}
