import type { Field, FieldExpression } from "@clew/protocol/traceql/ast";
import { isArithmetic } from "@clew/protocol/traceql/value-type";

/** Every field that an expression reads, as often as it does. */
export function fieldsOf(expression: FieldExpression): Field[] {
  const fields: Field[] = [];
  const open: FieldExpression[] = [expression];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one.kind === "attribute" || one.kind === "intrinsic") fields.push(one);
    else open.push(...partsOf(one));
  }
  return fields;
}

/** The expressions directly within one. */
export function partsOf(expression: FieldExpression): readonly FieldExpression[] {
  switch (expression.kind) {
    case "binary":
      return [expression.left, expression.right];
    case "unary":
    case "exists":
      return [expression.operand];
    default:
      return [];
  }
}

/** The same expression of the fields that `change` gives. */
export function withFields(expression: FieldExpression, change: (field: Field) => Field): FieldExpression {
  switch (expression.kind) {
    case "attribute":
    case "intrinsic":
      return change(expression);
    case "binary":
      return {
        ...expression,
        left: withFields(expression.left, change),
        right: withFields(expression.right, change),
      };
    case "unary":
    case "exists":
      return { ...expression, operand: withFields(expression.operand, change) };
    default:
      return expression;
  }
}

/** A comparison, a question whether something is there, or several of them: true or false even where all is nil. */
export function isQuestion(expression: FieldExpression): boolean {
  return expression.kind === "exists" || (expression.kind === "binary" && !isArithmetic(expression.operator));
}

/** Whether the expression is true or false for every span, and never nil. */
export function isAlwaysBoolean(expression: FieldExpression): boolean {
  return isQuestion(expression) || (expression.kind === "literal" && expression.type === "boolean");
}

/** Whether an operand of the expression is a question, at any depth. */
export function asksWithin(expression: FieldExpression): boolean {
  return partsOf(expression).some((part) => isQuestion(part) || asksWithin(part));
}

/** The operands of a chain of one operator, `a && b && c`; the expression alone when it is no such chain. */
export function chainOf(expression: FieldExpression, operator: "&&" | "||"): FieldExpression[] {
  const found: FieldExpression[] = [];
  const open = [expression];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one.kind === "binary" && one.operator === operator) open.push(one.right, one.left);
    else found.push(one);
  }
  return found;
}
