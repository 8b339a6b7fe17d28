import type { ComparisonOperator, FieldExpression, Pipeline } from "@clew/protocol/traceql/ast";
import { compares } from "@clew/protocol/traceql/compare-values";
import { duration, type Value } from "@clew/protocol/traceql/value";
import type { TraceSummary } from "../trace-summary.ts";
import { chainOf } from "./fields-of.ts";

/**
 * Whether a trace can match as far as its duration tells, which its summary has: looked at before its spans are read.
 */
export function durationTest(
  pipeline: Pipeline,
): (trace: Pick<TraceSummary, "startNs" | "endNs">) => boolean {
  const [first] = pipeline.stages;
  const conditions =
    first?.kind === "filter" && first.condition !== undefined ? chainOf(first.condition, "&&") : [];
  const tests = conditions.flatMap((condition) => durationComparison(condition) ?? []);
  return ({ startNs, endNs }) => tests.every((holds) => holds(duration(endNs - startNs)));
}

function durationComparison(condition: FieldExpression): ((value: Value) => boolean) | undefined {
  if (condition.kind !== "binary") return undefined;
  const { operator, left, right } = condition;
  if (left.kind !== "intrinsic" || left.name !== "trace:duration" || right.kind !== "literal")
    return undefined;
  return (value) =>
    compares(operator as ComparisonOperator, value, { type: right.type, value: right.value } as Value);
}
