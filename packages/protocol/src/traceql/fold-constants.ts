import type { Located, NumberLiteral } from "./ast.ts";
import { MAX_INT, MIN_INT } from "./parse-literal.ts";
import type { Token } from "./token.ts";
import { TraceQlError } from "./traceql-error.ts";

/** Arithmetic of two numbers as in Tempo: that of two integers stays one, so `1 / 2` is 0; durations are refused. */
export function foldConstants(
  left: NumberLiteral,
  operator: Token,
  right: NumberLiteral,
  range: Located,
): NumberLiteral {
  for (const { type, start, end } of [left, right]) {
    if (type !== "duration") continue;
    const message = "a duration cannot be used in arithmetic of constants";
    throw new TraceQlError({ start, end, message, found: "a duration", expected: ["a number without unit"] });
  }
  const value =
    left.type === "int" && right.type === "int"
      ? integers(left.value, operator.text, right.value)
      : floats(Number(left.value), operator.text, Number(right.value));
  if (typeof value === "bigint" && value >= MIN_INT && value <= MAX_INT) {
    return { kind: "literal", type: "int", value, ...range };
  }
  if (typeof value === "number" && Number.isFinite(value)) {
    return { kind: "literal", type: "float", value, ...range };
  }
  const message = value === undefined ? "division by zero" : "this number does not fit into 64 bits";
  throw new TraceQlError({ ...range, message, found: operator.text });
}

/** Undefined for a division by zero. */
function integers(left: bigint, operator: string, right: bigint): bigint | undefined {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    default:
      return right === 0n ? undefined : left / right;
  }
}

function floats(left: number, operator: string, right: number): number | undefined {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    default:
      return right === 0 ? undefined : left / right;
  }
}
