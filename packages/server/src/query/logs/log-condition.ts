import { logFieldOf } from "@clew/protocol/log-query/log-field";
import { parseLogFilter } from "@clew/protocol/log-query/parse-log-filter";
import type { ComparisonOperator, FieldExpression } from "@clew/protocol/traceql/ast";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import { andAll, anyOf, fragment, type Parameters, type SqlFragment } from "../sql.ts";
import { compareValues } from "../traceql/compare-sql.ts";
import { chainOf, isAlwaysBoolean, partsOf } from "../traceql/fields-of.ts";
import { InvalidQuery } from "../traceql/invalid-query.ts";
import { refuseDepth } from "../traceql/read-search.ts";
import { rowCondition } from "../traceql/row-condition.ts";
import type { LogKnown } from "./log-known.ts";
import { LogValues } from "./log-values.ts";

/** The condition of a filter; undefined for one that takes every record. Throws `InvalidQuery`. */
export function readLogFilter(text: string): FieldExpression | undefined {
  try {
    const condition = parseLogFilter(text);
    if (condition !== undefined) refuseDepth(condition);
    return condition;
  } catch (error) {
    throw error instanceof TraceQlError ? InvalidQuery.from(error) : error;
  }
}

/** Where a condition of a filter is true of a row of `logs`. Throws `InvalidQuery` for what the database cannot say. */
export function logCondition(
  condition: FieldExpression,
  known: LogKnown,
  parameters: Parameters,
): SqlFragment {
  const row = new LogValues(known, parameters);
  const write = (expression: FieldExpression): SqlFragment => {
    if (expression.kind === "binary" && (expression.operator === "&&" || expression.operator === "||")) {
      const parts = chainOf(expression, expression.operator).map(write);
      return expression.operator === "&&" ? fragment`(true${andAll(parts)})` : fragment`(${anyOf(parts)})`;
    }
    if (expression.kind === "unary" && expression.operator === "!" && isAlwaysBoolean(expression.operand)) {
      return fragment`NOT (${write(expression.operand)})`;
    }
    return (
      ofTrace(expression, parameters) ??
      rowCondition(expression, row) ??
      arrays(expression, row) ??
      refuse(expression)
    );
  };
  return write(condition);
}

/** `log:traceId = "..."` as what the index of trace ids answers. */
function ofTrace(expression: FieldExpression, parameters: Parameters): SqlFragment | undefined {
  if (expression.kind !== "binary" || expression.operator !== "=") return undefined;
  const { left, right } = expression;
  if (left.kind !== "intrinsic" || right.kind !== "literal" || right.type !== "string") return undefined;
  const { name } = logFieldOf(left) as { readonly name: string };
  if (name === "log:traceId" && /^(?!0*$)[0-9a-f]{32}$/.test(right.value)) {
    return fragment`trace_id = toFixedString(unhex(${parameters.bind("String", right.value)}), 16)`;
  }
  return undefined;
}

/** A comparison of two attributes that may both be arrays: two arrays never compare. */
function arrays(expression: FieldExpression, row: LogValues): SqlFragment | undefined {
  if (expression.kind !== "binary") return undefined;
  const { operator, left, right } = expression;
  if (left.kind !== "attribute" || right.kind !== "attribute") return undefined;
  const [a, b] = [row.valueOf(left), row.valueOf(right)];
  const compared = [
    compareValues(operator as ComparisonOperator, { faces: a.faces }, b, row.parameters),
    compareValues(operator as ComparisonOperator, a, { faces: b.faces }, row.parameters),
  ].filter((one) => one !== undefined);
  return compared.length === 2 ? anyOf(compared) : undefined;
}

function refuse(expression: FieldExpression): never {
  const { start, end } = expression;
  const message = hasRemainder(expression)
    ? "% takes integers here, and one of these numbers may have a fraction"
    : "two attributes that may both be lists cannot be compared within another comparison";
  throw new InvalidQuery(message, { offset: start, length: end - start });
}

function hasRemainder(expression: FieldExpression): boolean {
  const isRemainder = expression.kind === "binary" && expression.operator === "%";
  return isRemainder || partsOf(expression).some(hasRemainder);
}
