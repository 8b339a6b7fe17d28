import { floats, integers } from "./arithmetic.ts";
import type { ArithmeticOperator, ComparisonOperator } from "./ast.ts";
import { re2ToRegExp } from "./re2/translate-re2.ts";
import {
  duration,
  elementsOf,
  float,
  int,
  isNumber,
  type NumberValue,
  type Scalar,
  type Value,
} from "./value.ts";

/**
 * Whether a comparison holds. What cannot be compared (nil, or of different types) never holds, not even for `!=`.
 * Of an array one element has to compare, for `!=` and `!~` all (documented). Two arrays never compare: Tempo gives
 * up the query there.
 */
export function compares(operator: ComparisonOperator, left: Value, right: Value): boolean {
  if (left === undefined || right === undefined) return false;
  if (left.type === "array" && right.type === "array") return false;
  const all = operator === "!=" || operator === "!~";
  const lefts = elementsOf(left);
  const rights = elementsOf(right);
  const holds = lefts.flatMap((one) => rights.map((other) => scalarsCompare(operator, one, other)));
  return all ? holds.every(Boolean) : holds.some(Boolean);
}

function scalarsCompare(operator: ComparisonOperator, left: Scalar, right: Scalar): boolean {
  if (isNumber(left) && isNumber(right)) return holds(operator, numberOrder(left, right));
  if (left.type !== right.type) return false;
  if (left.type === "string" && right.type === "string") {
    if (operator === "=~") return re2ToRegExp(right.value).test(left.value);
    if (operator === "!~") return !re2ToRegExp(right.value).test(left.value);
    return holds(operator, textOrder(left.value, right.value));
  }
  if (operator === "=") return left.value === right.value;
  return operator === "!=" && left.value !== right.value;
}

/** Integers and durations exactly, as soon as one is a float as floats. Undefined when one is NaN. */
function numberOrder(left: NumberValue, right: NumberValue): number | undefined {
  const exact = left.type !== "float" && right.type !== "float";
  const [a, b] = exact ? [left.value, right.value] : [Number(left.value), Number(right.value)];
  if (a === b) return 0;
  return a < b ? -1 : a > b ? 1 : undefined;
}

/** By code points, which is the order of the UTF-8 bytes. */
function textOrder(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const difference = a[at]!.codePointAt(0)! - b[at]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function holds(operator: ComparisonOperator, order: number | undefined): boolean {
  if (order === undefined) return operator === "!=";
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      return false;
  }
}

/**
 * Arithmetic of two numbers; nil when one is none. Two integers give an integer (division cuts off, overflow wraps),
 * anything else a float; durations count in nanoseconds. The documentation is silent on two cases: a division of
 * integers by zero is nil (Tempo gives up the query), and `^` is the mathematical power and always a float.
 */
export function arithmetic(operator: ArithmeticOperator, left: Value, right: Value): Value {
  if (!isNumber(left) || !isNumber(right)) return undefined;
  if (left.type === "int" && right.type === "int" && operator !== "^") {
    const whole = integers(operator, left.value, right.value);
    return whole === undefined ? undefined : int(whole);
  }
  return float(floats(operator, Number(left.value), Number(right.value)));
}

/** The number with the other sign, of the same type; nil when it is none. */
export function negated(value: Value): Value {
  if (!isNumber(value)) return undefined;
  if (value.type === "float") return float(-value.value);
  return value.type === "int" ? int(-value.value) : duration(-value.value);
}
