import type {
  ArithmeticOperator,
  Located,
  MetricsConstant,
  MetricsExpression,
  MetricsMath,
  MetricsPipeline,
  MetricsStages,
  NumberLiteral,
  ScalarComparison,
  ScalarExpression,
  SecondStage,
  SpansetExpression,
  SpansetOperator,
  Stage,
} from "./ast.ts";
import { foldConstants } from "./fold-constants.ts";
import type { Token } from "./token.ts";
import { TraceQlError } from "./traceql-error.ts";

/** What a part of a query outside `{ }` turned out to be. */
export type Term =
  | { readonly kind: "spanset"; readonly node: SpansetExpression }
  /** Not an operand, unless in parentheses. */
  | { readonly kind: "stage"; readonly node: Stage }
  | { readonly kind: "scalar"; readonly node: Exclude<ScalarExpression, NumberLiteral> }
  | { readonly kind: "constant"; readonly node: NumberLiteral }
  | { readonly kind: "metrics"; readonly node: Series };

export type Series = MetricsPipeline | MetricsStages | MetricsMath;

const COMPARISONS: readonly string[] = ["=", "!=", "<", "<=", ">", ">="];
const ARITHMETIC: readonly string[] = ["+", "-", "*", "/", "%", "^"];
const METRICS_MATH: readonly string[] = ["+", "-", "*", "/"];
const NOT_OF_SPANSETS: readonly string[] = ["=", "!=", "<=", ">=", "=~", ...ARITHMETIC];
const CALLED: Readonly<Record<Term["kind"], string>> = {
  spanset: "a spanset",
  stage: "a pipeline stage",
  scalar: "an aggregate",
  constant: "a number",
  metrics: "a metrics query",
};

/** The operation of two terms; refuses what the operator cannot connect. */
export function combineTerms(left: Term, operator: Token, right: Term, range: Located): Term {
  const sign = operator.text;
  const { start, end } = range;
  if (left.kind === "spanset" && right.kind === "spanset" && !NOT_OF_SPANSETS.includes(sign)) {
    const node = { left: left.node, right: right.node, operator: sign as SpansetOperator, start, end };
    return { kind: "spanset", node: { kind: "spansets", ...node } };
  }
  if (left.kind === "constant" && right.kind === "constant" && METRICS_MATH.includes(sign)) {
    return { kind: "constant", node: foldConstants(left.node, operator, right.node, range) };
  }
  if (left.kind === "metrics" || right.kind === "metrics") {
    const series = combineSeries(left, operator, right, range);
    if (series !== undefined) return { kind: "metrics", node: series };
  } else if (isNumber(left) && isNumber(right) && (left.kind === "scalar" || right.kind === "scalar")) {
    const operands = { left: left.node, right: right.node, start, end };
    if (ARITHMETIC.includes(sign)) {
      const node = { kind: "scalarOperation", operator: sign as ArithmeticOperator, ...operands } as const;
      return { kind: "scalar", node };
    }
    if (COMPARISONS.includes(sign)) {
      const node = { kind: "scalarFilter", operator: sign as ScalarComparison, ...operands } as const;
      return { kind: "stage", node };
    }
  }
  throw refusal(left, operator, right);
}

type NumberTerm = Extract<Term, { readonly kind: "scalar" | "constant" }>;

function isNumber(term: Term): term is NumberTerm {
  return term.kind === "scalar" || term.kind === "constant";
}

function combineSeries(left: Term, sign: Token, right: Term, range: Located): Series | undefined {
  if (left.kind === "metrics" && right.kind === "constant" && COMPARISONS.includes(sign.text)) {
    const operator = sign.text as ScalarComparison;
    const stage = {
      kind: "metricsFilter",
      operator,
      value: right.node,
      start: sign.start,
      end: range.end,
    } as const;
    return withStage(left.node, stage, range.start);
  }
  const leftSeries = seriesOf(left);
  const rightSeries = seriesOf(right);
  if (leftSeries === undefined || rightSeries === undefined || !METRICS_MATH.includes(sign.text))
    return undefined;
  const operator = sign.text as MetricsMath["operator"];
  const { start, end } = range;
  return { kind: "metricsMath", operator, left: leftSeries, right: rightSeries, start, end };
}

function seriesOf(term: Term): MetricsExpression | undefined {
  if (term.kind === "metrics") return term.node;
  if (term.kind !== "constant") return undefined;
  const { start, end, type, value } = term.node;
  if (type === "duration") {
    const message = "a duration cannot be used in arithmetic with series";
    throw new TraceQlError({ start, end, message, found: "a duration", expected: ["a number without unit"] });
  }
  return { kind: "metricsConstant", value: Number(value), start, end } satisfies MetricsConstant;
}

/** The series with one more stage behind; `start` is that of the whole. */
export function withStage(input: Series, stage: SecondStage, start: number): MetricsStages {
  const { end } = stage;
  if (input.kind === "metricsStages") return { ...input, stages: [...input.stages, stage], start, end };
  return { kind: "metricsStages", input, stages: [stage], start, end };
}

function refusal(left: Term, operator: Token, right: Term): TraceQlError {
  const between = `${CALLED[left.kind]} and ${CALLED[right.kind]}`;
  return new TraceQlError({
    start: operator.start,
    end: operator.end,
    message: `"${operator.text}" cannot stand between ${between}${reason(left, operator.text, right)}`,
    found: `"${operator.text}"`,
  });
}

function reason(left: Term, sign: string, right: Term): string {
  const kinds = [left.kind, right.kind];
  if (kinds.includes("stage")) return '; a comparison is a stage of its own, behind "|" or in parentheses';
  if (kinds.every((kind) => kind === "constant")) return "; one side needs an aggregate such as count()";
  if (kinds.includes("metrics") && kinds.includes("spanset"))
    return "; a spanset needs a metrics function behind";
  if (kinds.includes("scalar") && kinds.includes("spanset"))
    return "; compare the aggregate with a number first";
  if (kinds.includes("metrics") && COMPARISONS.includes(sign))
    return "; series may be compared with a number only";
  return "";
}
