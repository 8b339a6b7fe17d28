import type {
  Aggregate,
  Located,
  MetricsAggregate,
  MetricsExpression,
  Pipeline,
  Query,
  ScalarExpression,
  SpansetExpression,
  SpansetFilter,
  Stage,
} from "./ast.ts";
import { checkExpression, readsSpan } from "./check-expression.ts";
import { TraceQlError } from "./traceql-error.ts";
import { fieldType, isNumeric, typeName, valueType } from "./value-type.ts";

/** Refuses what parses but can never have an answer, as Tempo does: comparing a duration with a text, and the like. */
export function checkQuery(query: Query): void {
  if (query.kind === "search") checkPipeline(query.pipeline);
  else checkMetrics(query.expression, false);
}

function checkPipeline(pipeline: Pipeline): void {
  for (const stage of pipeline.stages) checkStage(stage);
}

function checkStage(stage: Stage): void {
  switch (stage.kind) {
    case "filter":
      checkFilter(stage);
      break;
    case "pipeline":
      checkPipeline(stage);
      break;
    case "spansets":
      checkStage(stage.left);
      checkStage(stage.right);
      if (stage.operator === "&&" || stage.operator === "||") break;
      requireOneSpanset(stage.left);
      requireOneSpanset(stage.right);
      break;
    case "by":
      checkExpression(stage.expression);
      if (readsSpan(stage.expression)) break;
      throw fault(stage.expression, "by() has to read something of the span", ["a field"]);
    case "scalarFilter":
      checkScalar(stage.left);
      checkScalar(stage.right);
      break;
    case "select":
    case "coalesce":
      break;
  }
}

function checkFilter(filter: SpansetFilter): void {
  const { condition } = filter;
  if (condition === undefined) return;
  checkExpression(condition);
  const type = valueType(condition);
  if (type === "any" || type === "boolean") return;
  throw fault(condition, `a filter has to be true or false, this is ${typeName(type)}`, ["a comparison"]);
}

function checkScalar(scalar: ScalarExpression): void {
  switch (scalar.kind) {
    case "aggregate":
      checkAggregate(scalar);
      break;
    case "scalarOperation":
      checkScalar(scalar.left);
      checkScalar(scalar.right);
      break;
    case "scalarPipeline":
      checkPipeline(scalar.pipeline);
      requireOneSpanset(scalar.pipeline);
      checkScalar(scalar.scalar);
      break;
    case "literal":
      break;
  }
}

function checkAggregate(aggregate: Aggregate): void {
  const { argument } = aggregate;
  if (argument === undefined) return;
  checkExpression(argument);
  const type = valueType(argument);
  if (type !== "any" && !isNumeric(type)) {
    throw fault(argument, `${aggregate.function}() takes numbers, this is ${typeName(type)}`, ["a number"]);
  }
  if (!readsSpan(argument)) {
    throw fault(argument, `${aggregate.function}() has to read something of the span`, ["a field"]);
  }
}

/** Structure is that of one set of spans; several have to become one first. */
function requireOneSpanset(expression: SpansetExpression): void {
  if (expression.kind !== "pipeline") return;
  const { stages } = expression;
  const grouped = stages.findLast(({ kind }) => kind === "by" || kind === "coalesce");
  if (grouped?.kind !== "by") return;
  throw fault(grouped, "by() leaves several spansets where one is needed; add | coalesce()", ["coalesce()"]);
}

function checkMetrics(expression: MetricsExpression, combined: boolean): void {
  switch (expression.kind) {
    case "metricsMath":
      checkMetrics(expression.left, true);
      checkMetrics(expression.right, true);
      break;
    case "metricsStages":
      checkMetrics(expression.input, true);
      break;
    case "metricsPipeline":
      checkPipeline(expression.pipeline);
      checkMetricsAggregate(expression.aggregate, combined);
      break;
    case "metricsConstant":
      break;
  }
}

function checkMetricsAggregate(aggregate: MetricsAggregate, combined: boolean): void {
  if (aggregate.kind === "spanCount") return;
  if (aggregate.kind === "compare") {
    checkFilter(aggregate.selection);
    if (combined)
      throw fault(aggregate, "compare() can be neither calculated with nor followed by a stage", []);
    return;
  }
  const type = fieldType(aggregate.field);
  if (type === "any" || isNumeric(type)) return;
  throw fault(aggregate.field, `this function takes numbers, this is ${typeName(type)}`, ["a number"]);
}

function fault(at: Located, message: string, expected: readonly string[]): TraceQlError {
  return new TraceQlError({ start: at.start, end: at.end, message, found: "an expression", expected });
}
