import type { Aggregate, FieldExpression, Pipeline, ScalarExpression } from "@clew/protocol/traceql/ast";
import { arithmetic } from "@clew/protocol/traceql/compare-values";
import { duration, float, int, isNumber, type NumberValue, type Value } from "@clew/protocol/traceql/value";
import type { FilteredTrace, Spanset } from "./evaluate-pipeline.ts";
import { evaluate } from "./span-reader.ts";

/** A number of a spanset. */
export interface ScalarResult {
  /** Nil when no span has what is aggregated; then nothing compares with it. */
  readonly value: Value;
  /** The spans that pipelines in parentheses left; absent when there is no such pipeline. */
  readonly found?: readonly number[];
}

type EvaluatePipeline = (
  pipeline: Pipeline,
  input: readonly Spanset[],
  trace: FilteredTrace,
) => readonly Spanset[];

/** The pipeline's evaluator is given in, as each calls the other. */
export function evaluateScalar(
  scalar: ScalarExpression,
  spanset: Spanset,
  trace: FilteredTrace,
  evaluatePipeline: EvaluatePipeline,
): ScalarResult {
  switch (scalar.kind) {
    case "literal":
      return { value: { type: scalar.type, value: scalar.value } as Value };
    case "aggregate":
      return { value: aggregate(scalar, spanset.spans, trace) };
    case "scalarPipeline": {
      // Of nothing there is nothing to aggregate, but count() is 0.
      const spans = evaluatePipeline(scalar.pipeline, [spanset], trace).flatMap((left) => left.spans);
      const { value } = evaluateScalar(scalar.scalar, { ...spanset, spans }, trace, evaluatePipeline);
      return { value, found: spans };
    }
    case "scalarOperation": {
      const left = evaluateScalar(scalar.left, spanset, trace, evaluatePipeline);
      const right = evaluateScalar(scalar.right, spanset, trace, evaluatePipeline);
      const value = arithmetic(scalar.operator, left.value, right.value);
      if (left.found === undefined && right.found === undefined) return { value };
      return { value, found: [...(left.found ?? []), ...(right.found ?? [])] };
    }
  }
}

/** Of the spans that have a number; nil when none has. */
function aggregate(
  { function: name, argument }: Aggregate,
  spans: readonly number[],
  trace: FilteredTrace,
): Value {
  if (argument === undefined) return int(spans.length);
  const numbers = numbersOf(argument, spans, trace);
  const [first] = numbers;
  if (first === undefined) return undefined;
  switch (name) {
    case "min":
      return numbers.reduce((least, one) => (Number(one.value) < Number(least.value) ? one : least));
    case "max":
      return numbers.reduce((most, one) => (Number(one.value) > Number(most.value) ? one : most));
    case "sum":
      return sum(numbers, first.type);
    default: {
      const total = sum(numbers, first.type);
      // The average of integers is a float, that of durations a duration.
      if (total.type === "duration") return duration(total.value / BigInt(numbers.length));
      return float(Number(total.value) / numbers.length);
    }
  }
}

function numbersOf(argument: FieldExpression, spans: readonly number[], trace: FilteredTrace): NumberValue[] {
  const numbers: NumberValue[] = [];
  for (const span of spans) {
    trace.beat();
    const value = evaluate(argument, trace, span);
    if (isNumber(value)) numbers.push(value);
  }
  return numbers;
}

/** Of one type it stays that; mixed it is a float, with durations in nanoseconds. */
function sum(numbers: readonly NumberValue[], type: NumberValue["type"]): NumberValue {
  if (type === "float" || numbers.some((one) => one.type !== type)) {
    return float(numbers.reduce((total, { value }) => total + Number(value), 0));
  }
  const total = numbers.reduce((all, { value }) => all + BigInt(value), 0n);
  return type === "int" ? int(total) : duration(total);
}
