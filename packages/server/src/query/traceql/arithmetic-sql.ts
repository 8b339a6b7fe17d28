import type { ArithmeticOperator } from "@clew/protocol/traceql/ast";
import { anyOf, fragment, type SqlFragment } from "../sql.ts";
import type { Face, Faces } from "./sql-value.ts";

const SIGNS = { "+": fragment`+`, "-": fragment`-`, "*": fragment`*`, "/": fragment`/`, "%": fragment`%` };

/**
 * Arithmetic of two numbers: of integers an integer that wraps, of anything else a float; durations count in
 * nanoseconds. Nil where a side is no number, and for a division of integers by zero. Undefined for what the database
 * calculates otherwise: the remainder of floats, which it rounds in between.
 */
export function arithmeticFaces(operator: ArithmeticOperator, left: Faces, right: Faces): Faces | undefined {
  const a = asFloat(left);
  const b = asFloat(right);
  if (a === undefined || b === undefined) return {};
  const isFloat = [left, right].some(({ float, duration }) => float !== undefined || duration !== undefined);
  if (operator === "%" && isFloat) return undefined;
  const both = operator === "^" ? undefined : integers(operator, left.int, right.int);
  const value =
    operator === "^"
      ? fragment`pow(${a.value}, ${b.value})`
      : fragment`(${a.value} ${SIGNS[operator]} ${b.value})`;
  if (both === undefined) return { float: face(value, [a.when, b.when]) };
  const areInt = allOf([left.int?.when, right.int?.when]);
  // Without a condition both are integers in every row.
  if (areInt === undefined) return { int: both };
  return { int: both, float: face(value, [a.when, b.when, fragment`NOT (${areInt})`]) };
}

/** The number with the other sign. */
export function negatedFaces({ int, float, duration }: Faces): Faces {
  const negated = (of: Face): Face => face(fragment`negate(${of.value})`, [of.when]);
  return {
    ...(int && { int: negated(int) }),
    ...(float && { float: negated(float) }),
    ...(duration && { duration: negated(duration) }),
  };
}

function integers(operator: keyof typeof SIGNS, a: Face | undefined, b: Face | undefined): Face | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (operator !== "/" && operator !== "%") {
    return face(fragment`toInt64(${a.value} ${SIGNS[operator]} ${b.value})`, [a.when, b.when]);
  }
  // The database refuses to divide by 0, and the least integer by -1.
  const divisor = fragment`if(${b.value} IN (0, -1), 1, ${b.value})`;
  const value =
    operator === "%"
      ? fragment`toInt64(${a.value} % ${divisor})`
      : fragment`if(${b.value} = -1, negate(${a.value}), intDiv(${a.value}, ${divisor}))`;
  return face(value, [a.when, b.when, fragment`${b.value} != 0`]);
}

function asFloat({ int, float, duration }: Faces): Face | undefined {
  const faces = [float, int, duration].filter((one) => one !== undefined);
  const [first, ...others] = faces;
  if (first === undefined) return undefined;
  const value = others.reduce(
    (rest, one) => fragment`if(${one.when ?? fragment`true`}, toFloat64(${one.value}), ${rest})`,
    fragment`toFloat64(${first.value})`,
  );
  if (faces.some((one) => one.when === undefined)) return { value };
  return { value, when: fragment`(${anyOf(faces.map((one) => one.when!))})` };
}

function face(value: SqlFragment, conditions: readonly (SqlFragment | undefined)[]): Face {
  const when = allOf(conditions);
  return when === undefined ? { value } : { value, when };
}

function allOf(conditions: readonly (SqlFragment | undefined)[]): SqlFragment | undefined {
  return conditions
    .filter((condition) => condition !== undefined)
    .reduce<SqlFragment | undefined>(
      (all, condition) => (all === undefined ? condition : fragment`(${all} AND ${condition})`),
      undefined,
    );
}
