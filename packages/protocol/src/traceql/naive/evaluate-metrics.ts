import type { MetricsExpression, MetricsQuery } from "../ast.ts";
import { inOrder, type Series } from "../series.ts";
import { applyStage, calculate } from "../series-stages.ts";
import { type TimeRange, type TimeSteps, timeSteps } from "../time-steps.ts";
import { evaluateAggregate } from "./evaluate-aggregate.ts";
import { evaluatePipeline } from "./evaluate-pipeline.ts";
import type { TraceView } from "./trace-view.ts";

/**
 * The series of a metrics query, ordered by labels. Structure is that of whole traces, but only spans that start within
 * the range count. A step without spans is 0 for counts and missing for all else. Hints have no effect.
 */
export function evaluateMetrics(
  query: MetricsQuery,
  traces: readonly TraceView[],
  range: TimeRange,
): readonly Series[] {
  return inOrder(evaluate(query.expression, traces, timeSteps(range)));
}

function evaluate(
  expression: MetricsExpression,
  traces: readonly TraceView[],
  steps: TimeSteps,
): readonly Series[] {
  switch (expression.kind) {
    case "metricsConstant":
      return [{ labels: [], values: Array.from({ length: steps.count }, () => expression.value) }];
    case "metricsPipeline": {
      const spansets = traces.flatMap(({ spans }) =>
        evaluatePipeline(expression.pipeline, [{ spans, groups: [] }]),
      );
      const spans = spansets.flatMap((spanset) => spanset.spans);
      return evaluateAggregate(expression.aggregate, spans, steps);
    }
    case "metricsStages": {
      let series = evaluate(expression.input, traces, steps);
      for (const stage of expression.stages) series = applyStage(stage, series, steps.count);
      return series;
    }
    case "metricsMath":
      return calculate(
        expression,
        evaluate(expression.left, traces, steps),
        evaluate(expression.right, traces, steps),
      );
  }
}
