import type {
  Field,
  FieldExpression,
  Hint,
  Literal,
  MetricsAggregate,
  MetricsExpression,
  Pipeline,
  Query,
  ScalarExpression,
  SecondStage,
  SpansetExpression,
  Stage,
} from "./ast.ts";
import { printName } from "./attribute-name.ts";
import { printDuration } from "./duration-text.ts";
import { MAX_INT, MIN_INT } from "./parse-literal.ts";
import { FIELD_PRECEDENCE, SIGN_PRECEDENCE } from "./precedence.ts";
import { parentIntrinsic } from "./scopes.ts";
import { quote } from "./string-text.ts";

const SPANSET = 2;

/** The one text of a query: `parse` of it gives an equal tree, but for offsets. */
export function printQuery(query: Query): string {
  const text = query.kind === "search" ? printPipeline(query.pipeline) : printMetrics(query.expression, 0);
  return query.hints.length === 0 ? text : `${text} with (${query.hints.map(printHint).join(", ")})`;
}

/** An attribute or intrinsic as a query has it. */
export function printField(field: Field): string {
  const parent = field.ofParent ? "parent." : "";
  if (field.kind === "intrinsic") return field.ofParent ? parent + field.name.split(":")[1]! : field.name;
  const { scope, name } = field;
  if (scope !== "any") return `${parent}${scope}.${printName(name, false)}`;
  // Without quotes these would mean something else: a number, an intrinsic of the parent, a scope.
  const ambiguous = field.ofParent
    ? parentIntrinsic(name) !== undefined || /^(span|resource)\./.test(name)
    : /^\d/.test(name);
  return `${field.ofParent ? parent : "."}${printName(name, ambiguous)}`;
}

/** A value as a query has it. */
export function printLiteral(literal: Literal): string {
  switch (literal.type) {
    case "string":
      return quote(literal.value);
    case "int":
      if (literal.value === MIN_INT) return "minInt";
      return literal.value === MAX_INT ? "maxInt" : String(literal.value);
    case "float":
      return printFloat(literal.value);
    case "duration":
      return printDuration(literal.value);
    default:
      return String(literal.value);
  }
}

function printFloat(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function printHint({ name, value }: Hint): string {
  return `${name}=${printLiteral(value)}`;
}

function printPipeline(pipeline: Pipeline): string {
  return pipeline.stages.map((stage) => printStage(stage, 0)).join(" | ");
}

/** `above` is the precedence of what stands around, 0 for nothing. */
function printStage(stage: Stage, above: number): string {
  switch (stage.kind) {
    case "filter":
      return stage.condition === undefined ? "{ }" : `{ ${printExpression(stage.condition, 0)} }`;
    case "pipeline":
      return `(${printPipeline(stage)})`;
    case "spansets":
      return printOperation(stage.operator, stage.left, stage.right, above);
    case "by":
      return `by(${printExpression(stage.expression, 0)})`;
    case "coalesce":
      return "coalesce()";
    case "select":
      return `select(${stage.fields.map(printField).join(", ")})`;
    case "scalarFilter": {
      const [left, right] = [stage.left, stage.right].map((side) =>
        printScalar(side, FIELD_PRECEDENCE["+"]!),
      );
      return `${left} ${stage.operator} ${right}`;
    }
  }
}

function printOperation(
  operator: string,
  left: SpansetExpression,
  right: SpansetExpression,
  above: number,
): string {
  const own = FIELD_PRECEDENCE[operator] ?? SPANSET;
  return bracketed(`${printStage(left, own)} ${operator} ${printStage(right, own + 1)}`, own < above);
}

function printScalar(scalar: ScalarExpression, above: number): string {
  switch (scalar.kind) {
    case "literal":
      return printLiteral(scalar);
    case "aggregate":
      return `${scalar.function}(${scalar.argument === undefined ? "" : printExpression(scalar.argument, 0)})`;
    case "scalarPipeline":
      return `(${printPipeline(scalar.pipeline)} | ${printScalar(scalar.scalar, 0)})`;
    case "scalarOperation": {
      const own = FIELD_PRECEDENCE[scalar.operator]!;
      const [leftAbove, rightAbove] = sides(scalar.operator, own);
      const text = `${printScalar(scalar.left, leftAbove)} ${scalar.operator} ${printScalar(scalar.right, rightAbove)}`;
      return bracketed(text, own < above);
    }
  }
}

function printExpression(expression: FieldExpression, above: number): string {
  switch (expression.kind) {
    case "literal": {
      const text = printLiteral(expression);
      return bracketed(text, text.startsWith("-") && above > SIGN_PRECEDENCE["-"]);
    }
    case "attribute":
    case "intrinsic":
      return printField(expression);
    case "unary": {
      const own = SIGN_PRECEDENCE[expression.operator];
      return bracketed(expression.operator + printExpression(expression.operand, own + 1), own < above);
    }
    case "exists": {
      const own = FIELD_PRECEDENCE["="]!;
      const text = `${printExpression(expression.operand, own)} ${expression.negated ? "=" : "!="} nil`;
      return bracketed(text, own < above);
    }
    case "binary": {
      const own = FIELD_PRECEDENCE[expression.operator]!;
      const [left, right] = sides(expression.operator, own);
      const text = `${printExpression(expression.left, left)} ${expression.operator} ${printExpression(expression.right, right)}`;
      return bracketed(text, own < above);
    }
  }
}

/** What binds weaker than this on either side needs parentheses. */
function sides(operator: string, own: number): readonly [number, number] {
  return operator === "^" ? [own + 1, own] : [own, own + 1];
}

function printMetrics(expression: MetricsExpression, above: number): string {
  switch (expression.kind) {
    case "metricsConstant":
      return Number.isSafeInteger(expression.value) ? String(expression.value) : printFloat(expression.value);
    case "metricsPipeline": {
      const text = `${printPipeline(expression.pipeline)} | ${printAggregate(expression.aggregate)}`;
      return bracketed(text, above > 0);
    }
    case "metricsStages": {
      const input = printMetrics(expression.input, expression.input.kind === "metricsMath" ? SPANSET : 0);
      return bracketed(input + expression.stages.map(printSecondStage).join(""), above > 0);
    }
    case "metricsMath": {
      const own = FIELD_PRECEDENCE[expression.operator]!;
      const [left, right] = [printMetrics(expression.left, own), printMetrics(expression.right, own + 1)];
      return bracketed(`${left} ${expression.operator} ${right}`, own < above);
    }
  }
}

function printSecondStage(stage: SecondStage): string {
  if (stage.kind === "rank") return ` | ${stage.function}(${stage.limit})`;
  return ` ${stage.operator} ${printLiteral(stage.value)}`;
}

function printAggregate(aggregate: MetricsAggregate): string {
  if (aggregate.kind === "compare") {
    const { selection, topN, from, to } = aggregate;
    const range = from === 0n && to === 0n ? "" : `, ${from}, ${to}`;
    return `compare(${printStage(selection, 0)}, ${topN}${range})`;
  }
  const by = aggregate.by.length === 0 ? "" : ` by (${aggregate.by.map(printField).join(", ")})`;
  if (aggregate.kind === "spanCount") return `${aggregate.function}()${by}`;
  const field = printField(aggregate.field);
  if (aggregate.kind === "fieldOverTime") return `${aggregate.function}(${field})${by}`;
  return `quantile_over_time(${[field, ...aggregate.quantiles].join(", ")})${by}`;
}

function bracketed(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}
