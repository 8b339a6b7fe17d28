import type {
  ArithmeticOperator,
  BinaryOperation,
  ComparisonOperator,
  FieldExpression,
  Literal,
} from "../ast.ts";
import { arithmetic, compares, negated } from "../compare-values.ts";
import { boolean, type Value } from "../value.ts";
import { isArithmetic } from "../value-type.ts";
import { readField, readOne } from "./read-field.ts";
import type { SpanView } from "./trace-view.ts";

/** What an expression is for a span; nil when an operator cannot take what it is given. */
export function evaluateExpression(expression: FieldExpression, view: SpanView): Value {
  switch (expression.kind) {
    case "literal":
      return literalValue(expression);
    case "attribute":
    case "intrinsic":
      return readOne(view, expression);
    case "exists":
      return boolean((operandValue(expression.operand, view) !== undefined) !== expression.negated);
    case "unary": {
      const operand = evaluateExpression(expression.operand, view);
      if (expression.operator === "-") return negated(operand);
      // Tempo gives up the query when this is no boolean.
      return operand?.type === "boolean" ? boolean(!operand.value) : undefined;
    }
    case "binary":
      return evaluateBinary(expression, view);
  }
}

/** Whether a filter takes a span: only what is true does. */
export function isTrue(expression: FieldExpression | undefined, view: SpanView): boolean {
  if (expression === undefined) return true;
  const value = evaluateExpression(expression, view);
  return value?.type === "boolean" && value.value;
}

function evaluateBinary({ operator, left, right }: BinaryOperation, view: SpanView): Value {
  // What is no boolean counts as false. (In Tempo `nil || true` depends on which side it looks at first.)
  if (operator === "&&") return boolean(isTrue(left, view) && isTrue(right, view));
  if (operator === "||") return boolean(isTrue(left, view) || isTrue(right, view));
  if (isArithmetic(operator)) {
    const sides = [evaluateExpression(left, view), evaluateExpression(right, view)] as const;
    return arithmetic(operator as ArithmeticOperator, ...sides);
  }
  return boolean(
    compares(operator as ComparisonOperator, operandValue(left, view), operandValue(right, view)),
  );
}

/** The operand of a comparison, which looks at all events, links and elements. */
function operandValue(expression: FieldExpression, view: SpanView): Value {
  const isField = expression.kind === "attribute" || expression.kind === "intrinsic";
  return isField ? readField(view, expression) : evaluateExpression(expression, view);
}

export function literalValue(literal: Literal): Value {
  const { type, value } = literal;
  return { type, value } as Value;
}
