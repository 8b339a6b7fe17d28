import type {
  FieldExpression,
  Pipeline,
  SpansetFilter,
  SpansetOperation,
  Stage,
} from "@clew/protocol/traceql/ast";
import { compares } from "@clew/protocol/traceql/compare-values";
import { type Value, valueKey } from "@clew/protocol/traceql/value";
import { evaluateScalar, type ScalarResult } from "./evaluate-scalar.ts";
import { relatedSpans, type SpanSet } from "./related-spans.ts";
import { evaluate, type TraceView } from "./span-reader.ts";

/** Spans of one trace that belong together. */
export interface Spanset {
  /** Ascending. Never empty. */
  readonly spans: readonly number[];
  /** What the `by` stages that split it off asked, and its values, in their order. */
  readonly groups: readonly Group[];
}

export interface Group {
  readonly by: FieldExpression;
  readonly value: Value;
}

/** A trace of which the spans that each filter takes are known. */
export interface FilteredTrace extends TraceView {
  taken(filter: SpansetFilter): SpanSet;
}

/** The spansets that a pipeline leaves of those it is given. */
export function evaluatePipeline(
  pipeline: Pipeline,
  input: readonly Spanset[],
  trace: FilteredTrace,
): readonly Spanset[] {
  let spansets = input;
  for (const stage of pipeline.stages) {
    if (spansets.length === 0) break;
    spansets = evaluateStage(stage, spansets, trace);
  }
  return spansets;
}

function evaluateStage(stage: Stage, input: readonly Spanset[], trace: FilteredTrace): readonly Spanset[] {
  switch (stage.kind) {
    case "filter": {
      const taken = trace.taken(stage);
      return input.flatMap((spanset) =>
        withSpans(
          spanset,
          spanset.spans.filter((span) => taken[span] === 1),
        ),
      );
    }
    case "spansets":
      return input.flatMap((spanset) => withSpans(spanset, operate(stage, spanset, trace)));
    case "pipeline":
      return input.flatMap((spanset) => evaluatePipeline(stage, [spanset], trace));
    case "by":
      return input.flatMap((spanset) => split(stage.expression, spanset, trace));
    case "coalesce": {
      const spans = input.flatMap((spanset) => spanset.spans);
      return spans.length === 0 ? [] : [{ spans: spans.sort(ascending), groups: [] }];
    }
    case "select":
      return input;
    case "scalarFilter":
      return input.flatMap((spanset) => {
        const left = evaluateScalar(stage.left, spanset, trace, evaluatePipeline);
        const right = evaluateScalar(stage.right, spanset, trace, evaluatePipeline);
        if (!compares(stage.operator, left.value, right.value)) return [];
        return withSpans(spanset, scalarSpans(spanset, left, right));
      });
  }
}

/** What pipelines in parentheses found; when the comparison holds although they found nothing, all. */
function scalarSpans(spanset: Spanset, left: ScalarResult, right: ScalarResult): readonly number[] {
  const found = new Set<number>();
  for (const { found: spans = [] } of [left, right]) for (const span of spans) found.add(span);
  return found.size === 0 ? spanset.spans : [...found].sort(ascending);
}

function operate(
  { operator, left, right }: SpansetOperation,
  spanset: Spanset,
  trace: FilteredTrace,
): readonly number[] {
  const { count } = trace.tree.spans;
  const lefts = setOf(evaluateStage(left, [spanset], trace), count);
  const rights = setOf(evaluateStage(right, [spanset], trace), count);
  if (operator === "&&" && !(lefts.includes(1) && rights.includes(1))) return [];
  const related =
    operator === "&&" || operator === "||"
      ? lefts.map((is, span) => is | rights[span]!)
      : relatedSpans(operator, lefts, rights, trace.tree);
  return indexesOf(related);
}

function split(expression: FieldExpression, spanset: Spanset, trace: FilteredTrace): Spanset[] {
  const found = new Map<string, { value: Value; spans: number[] }>();
  for (const span of spanset.spans) {
    trace.beat();
    const value = evaluate(expression, trace, span);
    const key = valueKey(value);
    const group = found.get(key);
    if (group === undefined) found.set(key, { value, spans: [span] });
    else group.spans.push(span);
  }
  return [...found.values()].map(({ value, spans }) => ({
    spans,
    groups: [...spanset.groups, { by: expression, value }],
  }));
}

function withSpans(spanset: Spanset, spans: readonly number[]): Spanset[] {
  return spans.length === 0 ? [] : [{ ...spanset, spans }];
}

function setOf(spansets: readonly Spanset[], count: number): SpanSet {
  const set = new Uint8Array(count);
  for (const { spans } of spansets) for (const span of spans) set[span] = 1;
  return set;
}

function indexesOf(set: SpanSet): number[] {
  const found: number[] = [];
  for (const [span, is] of set.entries()) if (is === 1) found.push(span);
  return found;
}

function ascending(a: number, b: number): number {
  return a - b;
}
