import type { BinaryOperation, Existence, FieldExpression, UnaryOperation } from "./ast.ts";
import type { ValueType } from "./intrinsics.ts";
import { findRe2Fault } from "./re2/translate-re2.ts";
import { intrinsicInfo } from "./scopes.ts";
import { TraceQlError } from "./traceql-error.ts";
import { allows, canCompare, isNumeric, typeName, valueType } from "./value-type.ts";

/** Refuses expressions whose operators cannot take what they are given. */
export function checkExpression(expression: FieldExpression): void {
  switch (expression.kind) {
    case "binary":
      checkBinary(expression);
      break;
    case "unary":
      checkUnary(expression);
      break;
    case "exists":
      checkExistence(expression);
      break;
    default:
      break;
  }
}

/** True when the expression's value may differ between spans. */
export function readsSpan(expression: FieldExpression): boolean {
  switch (expression.kind) {
    case "literal":
      return false;
    case "attribute":
    case "intrinsic":
      return true;
    case "binary":
      return readsSpan(expression.left) || readsSpan(expression.right);
    case "unary":
    case "exists":
      return readsSpan(expression.operand);
  }
}

function checkBinary(operation: BinaryOperation): void {
  const { operator, left, right } = operation;
  checkExpression(left);
  checkExpression(right);
  const leftType = valueType(left);
  const rightType = valueType(right);
  if (leftType === "nil" || rightType === "nil") {
    const parent = leftType === "nil" ? left : right;
    throw fault(parent, "parent can only be compared with nil", ["= nil", "!= nil"]);
  }
  if (!canCompare(leftType, operator, rightType)) {
    const wrong = wrongSide(operation, leftType, rightType);
    const other = wrong === left ? rightType : leftType;
    const type = wrong === left ? leftType : rightType;
    const why = allows(operator, type)
      ? `"${operator}" cannot take ${typeName(leftType)} and ${typeName(rightType)}`
      : `"${operator}" does not take ${typeName(type)}`;
    throw fault(wrong, why, allows(operator, other) && other !== "any" ? [typeName(other)] : []);
  }
  if (operator === "=~" || operator === "!~") checkRegex(right);
}

/** The side to point at: the one the operator never takes, else the right one. */
function wrongSide({ operator, left, right }: BinaryOperation, leftType: ValueType, rightType: ValueType) {
  return allows(operator, rightType) && !allows(operator, leftType) ? left : right;
}

function checkRegex(side: FieldExpression): void {
  if (side.kind !== "literal" || side.type !== "string") {
    throw fault(side, "a regular expression has to be a string, written out", ["a string"]);
  }
  const problem = findRe2Fault(side.value);
  if (problem !== undefined) throw fault(side, `this is no regular expression of RE2: ${problem}`, []);
}

function checkUnary({ operator, operand }: UnaryOperation): void {
  checkExpression(operand);
  const type = valueType(operand);
  if (type === "any" || (operator === "!" ? type === "boolean" : isNumeric(type))) return;
  throw fault(operand, `"${operator}" does not take ${typeName(type)}`, [
    operator === "!" ? "a boolean" : "a number",
  ]);
}

function checkExistence({ negated, operand }: Existence): void {
  checkExpression(operand);
  if (!negated) return;
  const neverNil =
    operand.kind === "intrinsic"
      ? intrinsicInfo(operand.name).optional !== true && !operand.ofParent
      : operand.kind === "attribute" && isServiceName(operand.scope, operand.ofParent, operand.name);
  if (neverNil) throw fault(operand, "this is never nil", ["!= nil"]);
}

function isServiceName(scope: string, ofParent: boolean, name: string): boolean {
  return scope === "resource" && !ofParent && name === "service.name";
}

function fault(at: FieldExpression, message: string, expected: readonly string[]): TraceQlError {
  return new TraceQlError({
    start: at.start,
    end: at.end,
    message,
    found: typeName(valueType(at)),
    expected,
  });
}
