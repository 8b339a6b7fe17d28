import { floats, integers } from "./arithmetic.ts";
import type { Located, MetricsMath, NumberLiteral } from "./ast.ts";
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
  const sign = operator.text as MetricsMath["operator"];
  const value =
    left.type === "int" && right.type === "int"
      ? integers(sign, left.value, right.value)
      : floats(sign, Number(left.value), Number(right.value));
  if (typeof value === "bigint" && value >= MIN_INT && value <= MAX_INT) {
    return { kind: "literal", type: "int", value, ...range };
  }
  if (typeof value === "number" && Number.isFinite(value)) {
    return { kind: "literal", type: "float", value, ...range };
  }
  const byZero = sign === "/" && Number(right.value) === 0;
  const message = byZero ? "division by zero" : "this number does not fit into 64 bits";
  throw new TraceQlError({ ...range, message, found: operator.text });
}
