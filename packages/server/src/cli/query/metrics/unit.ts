import type { Field, MetricsAggregate, MetricsExpression, MetricsMath } from "@clew/protocol/traceql/ast";
import { intrinsicInfo } from "@clew/protocol/traceql/scopes";
import { cost, count, duration } from "../../screen/quantities.ts";

/** What the numbers of a series are. `number` is what has no unit, or one that is not known. */
export type Unit = "seconds" | "perSecond" | "tokens" | "usd" | "spans" | "number";

/** What a query's series count in. */
export function unitOf(expression: MetricsExpression): Unit {
  switch (expression.kind) {
    case "metricsPipeline":
      return unitOfAggregate(expression.aggregate);
    case "metricsStages":
      return unitOf(expression.input);
    case "metricsMath":
      return unitOfMath(expression);
    case "metricsConstant":
      return "number";
  }
}

/** What the first field that a query measures counts in: that of a histogram's buckets and of exemplars. */
export function measuredUnit(expression: MetricsExpression): Unit {
  switch (expression.kind) {
    case "metricsPipeline":
      return "field" in expression.aggregate ? unitOfField(expression.aggregate.field) : "number";
    case "metricsStages":
      return measuredUnit(expression.input);
    case "metricsMath":
      return measuredUnit(expression.left.kind === "metricsConstant" ? expression.right : expression.left);
    case "metricsConstant":
      return "number";
  }
}

/** `412 ms`, `1.3/s`, `62.1k`, `$0.41`: three figures. `ascii` writes `us`. */
export function quantity(value: number, unit: Unit, ascii = false): string {
  if (value < 0) return `-${quantity(-value, unit, ascii)}`;
  if (!Number.isFinite(value)) return String(value);
  switch (unit) {
    case "seconds":
      return duration(value * 1000, ascii);
    case "perSecond":
      return value === 0 ? "0" : `${figures(value)}/s`;
    case "usd":
      return value === 0 ? "0" : cost(value);
    default:
      return figures(value);
  }
}

function figures(value: number): string {
  return count(Number(value.toPrecision(3)));
}

function unitOfAggregate(aggregate: MetricsAggregate): Unit {
  switch (aggregate.kind) {
    case "spanCount":
      return aggregate.function === "rate" ? "perSecond" : "spans";
    case "fieldOverTime":
      return aggregate.function === "histogram_over_time" ? "spans" : unitOfField(aggregate.field);
    case "quantile":
      return unitOfField(aggregate.field);
    case "compare":
      return "spans";
  }
}

function unitOfField(field: Field): Unit {
  if (field.kind === "attribute") return "number";
  if (intrinsicInfo(field.name).type === "duration") return "seconds";
  if (field.name === "agent:cost") return "usd";
  return field.name.endsWith("tokens") ? "tokens" : "number";
}

/** Sums and differences keep a unit that both sides have. */
function unitOfMath({ operator, left, right }: MetricsMath): Unit {
  if (operator === "*" || operator === "/") return "number";
  if (left.kind === "metricsConstant") return unitOf(right);
  if (right.kind === "metricsConstant") return unitOf(left);
  const [a, b] = [unitOf(left), unitOf(right)];
  return a === b ? a : "number";
}
