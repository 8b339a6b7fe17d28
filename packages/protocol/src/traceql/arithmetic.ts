import type { ArithmeticOperator } from "./ast.ts";

/** Of two integers of any size; undefined for a division by zero. Division cuts off. */
export function integers(
  operator: Exclude<ArithmeticOperator, "^">,
  left: bigint,
  right: bigint,
): bigint | undefined {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0n ? undefined : left / right;
    case "%":
      return right === 0n ? undefined : left % right;
  }
}

/** Of two numbers; a division by zero is an infinity or NaN. */
export function floats(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "%":
      return left % right;
    case "^":
      return left ** right;
  }
}
