import type {
  ArithmeticOperator,
  BinaryOperation,
  ComparisonOperator,
  Field,
  FieldExpression,
} from "@clew/protocol/traceql/ast";
import { isArithmetic } from "@clew/protocol/traceql/value-type";
import { anyOf, fragment, type Parameters, type SqlFragment } from "../sql.ts";
import { arithmeticFaces, negatedFaces } from "./arithmetic-sql.ts";
import { compareValues } from "./compare-sql.ts";
import { indexHint } from "./index-hint.ts";
import { type Faces, isBoolean, isThere, literalValue, oneOf, type SqlValue } from "./sql-value.ts";

/** What the rows of one table say of fields. */
export interface RowFields {
  readonly parameters: Parameters;
  /** Undefined for a field that the row does not tell. */
  valueOf(field: Field): SqlValue | undefined;
  /** Whether an index finds the rows by the field's value. */
  isIndexed(field: Field): boolean;
}

/** Where an expression is true in a row; undefined when that cannot be said of the row alone. */
export function rowCondition(expression: FieldExpression, row: RowFields): SqlFragment | undefined {
  switch (expression.kind) {
    case "exists": {
      const value = operand(expression.operand, row);
      if (value === undefined) return undefined;
      const there = anyOf(isThere(value));
      return expression.negated ? fragment`NOT (${there})` : there;
    }
    case "binary":
      if (!isArithmetic(expression.operator)) return binaryCondition(expression, row);
      return fragment`false`;
    default: {
      const value = scalar(expression, row);
      return value && isBoolean(value, true);
    }
  }
}

function binaryCondition(
  { operator, left, right }: BinaryOperation,
  row: RowFields,
): SqlFragment | undefined {
  if (operator === "&&" || operator === "||") {
    const [a, b] = [rowCondition(left, row), rowCondition(right, row)];
    if (a === undefined || b === undefined) return undefined;
    return operator === "&&" ? fragment`((${a}) AND (${b}))` : fragment`((${a}) OR (${b}))`;
  }
  const [a, b] = [operand(left, row), operand(right, row)];
  if (a === undefined || b === undefined) return undefined;
  const holds = compareValues(operator as ComparisonOperator, a, b, row.parameters);
  if (holds === undefined) return holds;
  const hint = hinted(left, operator, right, a, row) ?? hinted(right, turned(operator), left, b, row);
  return hint === undefined ? holds : fragment`(${hint} AND (${holds}))`;
}

function hinted(
  field: FieldExpression,
  operator: string,
  literal: FieldExpression,
  value: SqlValue,
  row: RowFields,
): SqlFragment | undefined {
  if ((field.kind !== "attribute" && field.kind !== "intrinsic") || literal.kind !== "literal")
    return undefined;
  return row.isIndexed(field) ? indexHint(field, operator, literal, value, row.parameters) : undefined;
}

/** The operator with its sides exchanged. */
function turned(operator: string): string {
  return { "<": ">", "<=": ">=", ">": "<", ">=": "<=" }[operator] ?? operator;
}

/** The operand of a comparison, which looks at all events, links and elements. */
function operand(expression: FieldExpression, row: RowFields): SqlValue | undefined {
  if (expression.kind === "attribute" || expression.kind === "intrinsic") return row.valueOf(expression);
  const faces = scalar(expression, row);
  return faces && { faces };
}

function scalar(expression: FieldExpression, row: RowFields): Faces | undefined {
  switch (expression.kind) {
    case "literal":
      return literalValue(expression, row.parameters).faces;
    case "attribute":
    case "intrinsic": {
      const value = row.valueOf(expression);
      return value && oneOf(value);
    }
    case "exists": {
      const value = rowCondition(expression, row);
      return value && { boolean: { value: fragment`(${value})` } };
    }
    case "unary": {
      const faces = scalar(expression.operand, row);
      if (faces === undefined) return undefined;
      if (expression.operator === "-") return negatedFaces(faces);
      if (faces.boolean === undefined) return {};
      const { when } = faces.boolean;
      return { boolean: { value: fragment`(NOT (${faces.boolean.value}))`, ...(when && { when }) } };
    }
    case "binary": {
      if (!isArithmetic(expression.operator)) {
        const value = binaryCondition(expression, row);
        return value && { boolean: { value: fragment`(${value})` } };
      }
      const [left, right] = [scalar(expression.left, row), scalar(expression.right, row)];
      if (left === undefined || right === undefined) return undefined;
      return arithmeticFaces(expression.operator as ArithmeticOperator, left, right);
    }
  }
}
