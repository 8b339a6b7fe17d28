import type { Aggregate, Pipeline, ScalarExpression } from "../ast.ts";
import { arithmetic } from "../compare-values.ts";
import { duration, float, int, isNumber, type NumberValue, type Value } from "../value.ts";
import { evaluateExpression, literalValue } from "./evaluate-expression.ts";
import type { Spanset } from "./evaluate-pipeline.ts";
import type { SpanView } from "./trace-view.ts";

/** A number of a spanset. */
export interface ScalarResult {
  /** Nil when no span has what is aggregated; then nothing compares with it. */
  readonly value: Value;
  /** The spans that pipelines in parentheses left; undefined when there is no such pipeline. */
  readonly found: readonly SpanView[] | undefined;
}

type EvaluatePipeline = (pipeline: Pipeline, input: readonly Spanset[]) => readonly Spanset[];

/** The pipeline's evaluator is given in, as each calls the other. */
export function evaluateScalar(
  scalar: ScalarExpression,
  spanset: Spanset,
  evaluate: EvaluatePipeline,
): ScalarResult {
  switch (scalar.kind) {
    case "literal":
      return { value: literalValue(scalar), found: undefined };
    case "aggregate":
      return { value: aggregate(scalar, spanset.spans), found: undefined };
    case "scalarPipeline": {
      // Without a match there is nothing to aggregate but count() is 0, so that "more of these than of those" works.
      const spans = evaluate(scalar.pipeline, [spanset]).flatMap((left) => left.spans);
      const { value } = evaluateScalar(scalar.scalar, { ...spanset, spans }, evaluate);
      return { value, found: spans };
    }
    case "scalarOperation": {
      const left = evaluateScalar(scalar.left, spanset, evaluate);
      const right = evaluateScalar(scalar.right, spanset, evaluate);
      const found =
        left.found === undefined && right.found === undefined
          ? undefined
          : [...(left.found ?? []), ...(right.found ?? [])];
      return { value: arithmetic(scalar.operator, left.value, right.value), found };
    }
  }
}

/** Of the spans that have a number; nil when none has. */
function aggregate({ function: name, argument }: Aggregate, spans: readonly SpanView[]): Value {
  if (argument === undefined) return int(spans.length);
  const numbers = spans.map((span) => evaluateExpression(argument, span)).filter(isNumber);
  if (numbers.length === 0) return undefined;
  switch (name) {
    case "min":
      return numbers.reduce((least, one) => (Number(one.value) < Number(least.value) ? one : least));
    case "max":
      return numbers.reduce((most, one) => (Number(one.value) > Number(most.value) ? one : most));
    case "sum":
      return sum(numbers);
    default:
      return average(numbers);
  }
}

/** Of one type it stays that; mixed it is a float, with durations in nanoseconds (Tempo leaves out the other types). */
function sum(numbers: readonly NumberValue[]): NumberValue {
  const type = typeOfAll(numbers);
  if (type === "float") return float(numbers.reduce((total, { value }) => total + Number(value), 0));
  const total = numbers.reduce((all, { value }) => all + BigInt(value), 0n);
  return type === "int" ? int(total) : duration(total);
}

/** A duration for durations, else a float: of integers too. */
function average(numbers: readonly NumberValue[]): NumberValue {
  const total = sum(numbers);
  if (total.type === "duration") return duration(total.value / BigInt(numbers.length));
  return float(Number(total.value) / numbers.length);
}

function typeOfAll(numbers: readonly NumberValue[]): NumberValue["type"] {
  const { type } = numbers[0]!;
  return numbers.every((one) => one.type === type) ? type : "float";
}
