import type { BinaryOperator, Field, FieldExpression } from "./ast.ts";
import type { ValueType } from "./intrinsics.ts";
import { intrinsicInfo } from "./scopes.ts";

/** What type an expression has for every span; `any` when that depends on attributes. */
export function valueType(expression: FieldExpression): ValueType {
  switch (expression.kind) {
    case "literal":
      return expression.type;
    case "attribute":
    case "intrinsic":
      return fieldType(expression);
    case "exists":
      return "boolean";
    case "unary":
      return expression.operator === "!" ? "boolean" : valueType(expression.operand);
    case "binary": {
      if (!isArithmetic(expression.operator)) return "boolean";
      const left = valueType(expression.left);
      return left === "any" ? valueType(expression.right) : left;
    }
  }
}

export function fieldType(field: Field): ValueType {
  return field.kind === "attribute" ? "any" : intrinsicInfo(field.name).type;
}

export function isArithmetic(operator: BinaryOperator): boolean {
  return "+-*/%^".includes(operator);
}

export function isNumeric(type: ValueType): boolean {
  return type === "int" || type === "float" || type === "duration";
}

/** True when an operator can give something other than nothing for values of these types. */
export function canCompare(left: ValueType, operator: BinaryOperator, right: ValueType): boolean {
  const alike = left === "any" || right === "any" || left === right || (isNumeric(left) && isNumeric(right));
  return alike && allows(operator, left) && allows(operator, right);
}

/** True when an operator takes values of this type. */
export function allows(operator: BinaryOperator, type: ValueType): boolean {
  if (type === "any") return true;
  switch (operator) {
    case "&&":
    case "||":
      return type === "boolean";
    case "=":
    case "!=":
      return type !== "nil";
    case "=~":
    case "!~":
      return type === "string";
    case "<":
    case "<=":
    case ">":
    case ">=":
      return isNumeric(type) || type === "string";
    default:
      return isNumeric(type);
  }
}

/** The type as messages call it. */
export function typeName(type: ValueType): string {
  if (type === "int") return "an integer";
  if (type === "any") return "an attribute";
  return type === "nil" ? "a span" : `a ${type}`;
}
