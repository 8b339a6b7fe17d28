import type { Field, MetricsExpression, MetricsQuery } from "@clew/protocol/traceql/ast";
import { fieldType } from "@clew/protocol/traceql/value-type";

/**
 * What the numbers of series are; `number` where that is not known, or they are none of the others. A `share` of 1 is
 * all, a `rate` is so many a second.
 */
export type SeriesUnit = "seconds" | "usd" | "share" | "rate" | "bytes" | "number";

/** Arithmetic of two series may be of anything. */
export function unitOf({ expression }: Pick<MetricsQuery, "expression">): SeriesUnit {
  return unitOfExpression(expression);
}

function unitOfExpression(expression: MetricsExpression): SeriesUnit {
  switch (expression.kind) {
    case "metricsStages":
      return unitOfExpression(expression.input);
    case "metricsPipeline": {
      const { aggregate } = expression;
      return aggregate.kind === "fieldOverTime" && aggregate.function !== "histogram_over_time"
        ? unitOfField(aggregate.field)
        : aggregate.kind === "quantile"
          ? unitOfField(aggregate.field)
          : "number";
    }
    default:
      return "number";
  }
}

function unitOfField(field: Field): SeriesUnit {
  if (fieldType(field) === "duration") return "seconds";
  return field.kind === "intrinsic" && field.name === "agent:cost" ? "usd" : "number";
}
