import type { BinaryOperation, FieldExpression } from "../traceql/ast.ts";
import { findRe2Fault } from "../traceql/re2/translate-re2.ts";
import { TraceQlError } from "../traceql/traceql-error.ts";
import { allows, canCompare, isArithmetic, isNumeric, typeName } from "../traceql/value-type.ts";
import { isAlwaysThere, type LogType, logFieldOf, logFieldType } from "./log-field.ts";
import { SEVERITIES } from "./severity.ts";

const COMPARE_SEVERITIES = new Set(["=", "!=", "<", "<=", ">", ">="]);

/** Refuses conditions that parse but can never be answered, as TraceQL does. */
export function checkLogCondition(condition: FieldExpression): void {
  check(condition);
  const type = typeOf(condition);
  if (type === "any" || type === "boolean") return;
  throw fault(condition, `a filter has to be true or false, this is ${nameOf(type)}`, ["a comparison"]);
}

function typeOf(expression: FieldExpression): LogType {
  switch (expression.kind) {
    case "literal":
      return expression.type;
    case "attribute":
    case "intrinsic":
      return logFieldType(logFieldOf(expression));
    case "exists":
      return "boolean";
    case "unary":
      return expression.operator === "!" ? "boolean" : typeOf(expression.operand);
    case "binary": {
      if (!isArithmetic(expression.operator)) return "boolean";
      const left = typeOf(expression.left);
      return left === "any" ? typeOf(expression.right) : left;
    }
  }
}

function check(expression: FieldExpression): void {
  switch (expression.kind) {
    case "binary":
      checkBinary(expression);
      break;
    case "unary": {
      check(expression.operand);
      const type = typeOf(expression.operand);
      const isTaken =
        expression.operator === "!" ? type === "boolean" : type !== "severity" && isNumeric(type);
      if (type === "any" || isTaken) break;
      throw fault(expression.operand, `"${expression.operator}" does not take ${nameOf(type)}`, [
        expression.operator === "!" ? "a boolean" : "a number",
      ]);
    }
    case "exists": {
      const { operand, negated } = expression;
      check(operand);
      const isField = operand.kind === "attribute" || operand.kind === "intrinsic";
      if (negated && isField && isAlwaysThere(logFieldOf(operand))) {
        throw fault(operand, "this is never nil", ["!= nil"]);
      }
      break;
    }
    default:
      break;
  }
}

function checkBinary(operation: BinaryOperation): void {
  const { operator, left, right } = operation;
  check(left);
  check(right);
  const [leftType, rightType] = [typeOf(left), typeOf(right)];
  if (leftType === "severity" || rightType === "severity") {
    checkSeverities(operation, leftType, rightType);
    return;
  }
  if (!canCompare(leftType, operator, rightType)) {
    const wrong = allows(operator, rightType) && !allows(operator, leftType) ? left : right;
    const type = wrong === left ? leftType : rightType;
    const why = allows(operator, type)
      ? `"${operator}" cannot take ${nameOf(leftType)} and ${nameOf(rightType)}`
      : `"${operator}" does not take ${nameOf(type)}`;
    throw fault(wrong, why, []);
  }
  if (operator === "=~" || operator === "!~") checkRegex(right);
}

function checkSeverities({ operator, left, right }: BinaryOperation, leftType: LogType, rightType: LogType) {
  if (!COMPARE_SEVERITIES.has(operator)) {
    const wrong = leftType === "severity" ? left : right;
    throw fault(wrong, `"${operator}" does not take a severity`, [...COMPARE_SEVERITIES]);
  }
  if (leftType === rightType) return;
  const [wrong, type] = leftType === "severity" ? [right, rightType] : [left, leftType];
  const why =
    type === "int"
      ? "a severity is compared with its name; the number is log:severityNumber"
      : `a severity is compared with its name, without quotes, not with ${nameOf(type)}`;
  throw fault(wrong, why, SEVERITIES);
}

function checkRegex(side: FieldExpression): void {
  if (side.kind !== "literal" || side.type !== "string") {
    throw fault(side, "a regular expression has to be a string, written out", ["a string"]);
  }
  const problem = findRe2Fault(side.value);
  if (problem !== undefined) throw fault(side, `this is no regular expression of RE2: ${problem}`, []);
}

function nameOf(type: LogType): string {
  return type === "severity" ? "a severity" : typeName(type);
}

function fault(at: FieldExpression, message: string, expected: readonly string[]): TraceQlError {
  return new TraceQlError({
    start: at.start,
    end: at.end,
    message,
    found: nameOf(typeOf(at)),
    expected,
  });
}
