import type { FieldExpression, Pipeline, SpansetOperation, Stage } from "../ast.ts";
import { compares } from "../compare-values.ts";
import { type Value, valueKey } from "../value.ts";
import { evaluateExpression, isTrue } from "./evaluate-expression.ts";
import { evaluateScalar, type ScalarResult } from "./evaluate-scalar.ts";
import { relatedSpans } from "./related-spans.ts";
import type { SpanView } from "./trace-view.ts";

/** Spans of one trace that belong together. */
export interface Spanset {
  /** Never empty. */
  readonly spans: readonly SpanView[];
  /** Values of the `by` stages that split it off, in their order. */
  readonly groups: readonly Value[];
}

/** The spansets that a pipeline leaves of those it is given. */
export function evaluatePipeline(pipeline: Pipeline, input: readonly Spanset[]): readonly Spanset[] {
  let spansets = input;
  for (const stage of pipeline.stages) spansets = evaluateStage(stage, spansets);
  return spansets;
}

function evaluateStage(stage: Stage, input: readonly Spanset[]): readonly Spanset[] {
  switch (stage.kind) {
    case "filter":
      return input.flatMap((spanset) =>
        withSpans(
          spanset,
          spanset.spans.filter((span) => isTrue(stage.condition, span)),
        ),
      );
    case "spansets":
      return input.flatMap((spanset) => withSpans(spanset, operate(stage, spanset)));
    case "pipeline":
      return input.flatMap((spanset) => evaluatePipeline(stage, [spanset]));
    case "by":
      return input.flatMap((spanset) => split(stage.expression, spanset));
    case "coalesce":
      return input.length === 0 ? [] : [{ spans: input.flatMap(({ spans }) => spans), groups: [] }];
    case "select":
      return input;
    case "scalarFilter":
      return input.flatMap((spanset) => {
        const left = evaluateScalar(stage.left, spanset, evaluatePipeline);
        const right = evaluateScalar(stage.right, spanset, evaluatePipeline);
        if (!compares(stage.operator, left.value, right.value)) return [];
        return withSpans(spanset, scalarSpans(spanset, left, right));
      });
  }
}

/**
 * The spans that pipelines in parentheses found. When they found none and the comparison holds nevertheless, as in
 * `({ ... } | count()) = 0`, all. (Tempo has no such comparisons yet.)
 */
function scalarSpans(spanset: Spanset, left: ScalarResult, right: ScalarResult): readonly SpanView[] {
  const found = new Set([...(left.found ?? []), ...(right.found ?? [])]);
  return found.size === 0 ? spanset.spans : [...found];
}

function operate({ operator, left, right }: SpansetOperation, spanset: Spanset): readonly SpanView[] {
  const lefts = evaluateStage(left, [spanset]).flatMap(({ spans }) => spans);
  const rights = evaluateStage(right, [spanset]).flatMap(({ spans }) => spans);
  if (operator === "&&" && (lefts.length === 0 || rights.length === 0)) return [];
  if (operator === "&&" || operator === "||") return [...new Set([...lefts, ...rights])];
  return relatedSpans(operator, lefts, rights);
}

function split(expression: FieldExpression, spanset: Spanset): Spanset[] {
  const groups = new Map<string, { value: Value; spans: SpanView[] }>();
  for (const span of spanset.spans) {
    const value = evaluateExpression(expression, span);
    const key = valueKey(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { value, spans: [span] });
    else group.spans.push(span);
  }
  return [...groups.values()].map(({ value, spans }) => ({ spans, groups: [...spanset.groups, value] }));
}

function withSpans(spanset: Spanset, spans: readonly SpanView[]): Spanset[] {
  return spans.length === 0 ? [] : [{ ...spanset, spans }];
}
