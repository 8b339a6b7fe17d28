import type {
  ComparisonOperator,
  FieldExpression,
  NumberLiteral,
  ScalarExpression,
  ScalarFilter,
} from "@clew/protocol/traceql/ast";
import type { Need } from "./trace-needs.ts";

const NOWHERE = { start: 0, end: 0 };
const TURNED: Readonly<Record<string, ComparisonOperator>> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "=": "=",
};

/**
 * What a comparison of an aggregate with a number says of single spans, of those that `conditions` take: that there are
 * enough of them to count, or that one is above the maximum asked for or below the minimum. Undefined for the others.
 */
export function needOfScalar(
  { operator, left, right }: ScalarFilter,
  conditions: readonly FieldExpression[],
): Need | undefined {
  const turned = TURNED[operator];
  return (
    aggregateNeed(left, operator, right, conditions) ??
    (turned && aggregateNeed(right, turned, left, conditions))
  );
}

function aggregateNeed(
  aggregate: ScalarExpression,
  operator: ComparisonOperator,
  number: ScalarExpression,
  conditions: readonly FieldExpression[],
): Need | undefined {
  if (aggregate.kind !== "aggregate" || number.kind !== "literal") return undefined;
  if (aggregate.argument === undefined) {
    const least = leastCount(operator, number);
    if (least === undefined) return undefined;
    return { kind: "span", condition: conjunction(conditions), of: "own", least };
  }
  const isAbove = operator === ">" || operator === ">=";
  const isBelow = operator === "<" || operator === "<=";
  if (!(aggregate.function === "max" && isAbove) && !(aggregate.function === "min" && isBelow))
    return undefined;
  const beyond = { kind: "binary", operator, left: aggregate.argument, right: number, ...NOWHERE } as const;
  return { kind: "span", condition: conjunction([...conditions, beyond]), of: "own" };
}

function leastCount(operator: ComparisonOperator, { type, value }: NumberLiteral): number | undefined {
  if (type !== "int" || value > 2n ** 53n) return undefined;
  if (operator === ">") return Number(value) + 1;
  return operator === ">=" || operator === "=" ? Number(value) : undefined;
}

/** All of them; what is always true for none. */
function conjunction(conditions: readonly FieldExpression[]): FieldExpression {
  const [first, ...others] = conditions;
  if (first === undefined) return { kind: "literal", type: "boolean", value: true, ...NOWHERE };
  return others.reduce<FieldExpression>(
    (left, right) => ({ kind: "binary", operator: "&&", left, right, ...NOWHERE }),
    first,
  );
}
