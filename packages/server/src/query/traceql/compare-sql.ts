import type { ComparisonOperator } from "@clew/protocol/traceql/ast";
import { anyOf, fragment, type Parameters, type SqlFragment } from "../sql.ts";
import { type Face, type Faces, type FaceType, isThere, type SqlValue } from "./sql-value.ts";

const OPERATORS: Readonly<Record<string, SqlFragment>> = {
  "=": fragment`=`,
  "!=": fragment`!=`,
  "<": fragment`<`,
  "<=": fragment`<=`,
  ">": fragment`>`,
  ">=": fragment`>=`,
};

/**
 * Where a comparison holds. Of several values one has to compare, for `!=` and `!~` all. Undefined when both sides may
 * be several, which no statement says.
 */
export function compareValues(
  operator: ComparisonOperator,
  left: SqlValue,
  right: SqlValue,
  parameters: Parameters,
): SqlFragment | undefined {
  const ways = compareFaces(operator, left.faces, right.faces, parameters);
  const several = left.several ?? right.several;
  if (several === undefined) return anyOf(ways);
  if (left.several !== undefined && right.several !== undefined) return undefined;
  const element = several.facesOf(fragment`element`);
  const pairs =
    left.several === undefined
      ? compareFaces(operator, left.faces, element, parameters)
      : compareFaces(operator, element, right.faces, parameters);
  const holds = anyOf(pairs);
  if (operator !== "!=" && operator !== "!~") {
    const some = fragment`arrayExists(element -> ${holds}, ${several.elements})`;
    return anyOf([...ways, fragment`${several.when} AND ${some}`]);
  }
  // No element at all differs from whatever there is.
  const other = anyOf(isThere(left.several === undefined ? left : right));
  const every = fragment`arrayAll(element -> ${holds}, ${several.elements})`;
  return anyOf([...ways, fragment`${several.when} AND (${other}) AND ${every}`]);
}

/** A condition for each pair of types that compare. */
function compareFaces(
  operator: ComparisonOperator,
  left: Faces,
  right: Faces,
  parameters: Parameters,
): SqlFragment[] {
  return Object.entries(left).flatMap(([leftType, a]) =>
    Object.entries(right).flatMap(([rightType, b]) => {
      const holds = pair(operator, a, leftType as FaceType, b, rightType as FaceType, parameters);
      return holds === undefined ? [] : [guarded(operator, holds, a, b)];
    }),
  );
}

function pair(
  operator: ComparisonOperator,
  a: Face,
  leftType: FaceType,
  b: Face,
  rightType: FaceType,
  parameters: Parameters,
): SqlFragment | undefined {
  const sign = OPERATORS[operator];
  if (isNumber(leftType) && isNumber(rightType)) {
    if (sign === undefined) return undefined;
    if (leftType !== "float" && rightType !== "float") return fragment`${a.value} ${sign} ${b.value}`;
    return fragment`toFloat64(${a.value}) ${sign} toFloat64(${b.value})`;
  }
  if (leftType !== rightType) return undefined;
  if (leftType === "string") {
    if (sign !== undefined) return fragment`${a.value} ${sign} ${b.value}`;
    const match = fragment`match(${a.value}, ${parameters.bind("String", wholeText(String(b.constant)))})`;
    return operator === "=~" ? match : fragment`NOT ${match}`;
  }
  return operator === "=" || operator === "!=" ? fragment`${a.value} ${sign!} ${b.value}` : undefined;
}

/** An expression of RE2 that takes the whole text; `.` takes line breaks too. */
function wholeText(pattern: string): string {
  return `\\A(?s:${pattern})\\z`;
}

/** The condition where both sides are what they are taken for. What blanks do not pass anyway needs no guard, so that
 * indexes see the bare comparison. */
function guarded(operator: ComparisonOperator, holds: SqlFragment, a: Face, b: Face): SqlFragment {
  const conditions = [a, b].flatMap((face, index) => {
    if (face.when === undefined) return [];
    const other = index === 0 ? b : a;
    const isRefused = face.isBlankElse && refusesBlank(operator, other, index === 0);
    return isRefused ? [] : [face.when];
  });
  return conditions.reduce((all, condition) => fragment`${condition} AND ${all}`, holds);
}

/** Whether the comparison of a blank value with a constant fails. */
function refusesBlank(operator: ComparisonOperator, { constant }: Face, blankIsLeft: boolean): boolean {
  if (constant === undefined || typeof constant === "boolean") return false;
  const blank = typeof constant === "string" ? "" : 0;
  const other = typeof constant === "string" ? constant : Number(constant);
  const [left, right] = blankIsLeft ? [blank, other] : [other, blank];
  switch (operator) {
    case "=":
      return left !== right;
    case "<":
      return !(left < right);
    case ">":
      return !(left > right);
    case "<=":
      return !(left <= right);
    case ">=":
      return !(left >= right);
    default:
      return false;
  }
}

function isNumber(type: FaceType): boolean {
  return type === "int" || type === "float" || type === "duration";
}
