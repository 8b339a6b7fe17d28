import type { FieldExpression, Pipeline, SpansetExpression, Stage } from "@clew/protocol/traceql/ast";

/**
 * What a span has to be for a pipeline to leave it, where nothing but the span itself decides; undefined where its
 * trace has a say.
 */
export function flatConditions(pipeline: Pipeline): readonly FieldExpression[] | undefined {
  const conditions: FieldExpression[] = [];
  for (const stage of pipeline.stages) {
    const some = conditionsOf(stage);
    if (some === undefined) return undefined;
    conditions.push(...some);
  }
  return conditions;
}

function conditionsOf(stage: Stage): readonly FieldExpression[] | undefined {
  switch (stage.kind) {
    case "filter":
      return stage.condition === undefined ? [] : [stage.condition];
    case "pipeline":
      return flatConditions(stage);
    case "spansets": {
      if (stage.operator !== "||") return undefined;
      const [left, right] = [sideOf(stage.left), sideOf(stage.right)];
      return left && right && [joined("||", left, right)];
    }
    // These divide what is left, and leave out nothing.
    case "by":
    case "coalesce":
    case "select":
      return [];
    case "scalarFilter":
      return undefined;
  }
}

function sideOf(side: SpansetExpression): FieldExpression | undefined {
  const conditions = conditionsOf(side);
  return conditions && allOf(conditions);
}

/** All of them; what always holds for none. */
export function allOf(conditions: readonly FieldExpression[]): FieldExpression {
  const [first = ALWAYS, ...others] = conditions;
  return others.reduce((left, right) => joined("&&", left, right), first);
}

/** A condition that every span fulfils which a pipeline leaves. */
export function leftCondition(pipeline: Pipeline): FieldExpression {
  return allOf(pipeline.stages.map(leftBy));
}

function leftBy(stage: Stage): FieldExpression {
  switch (stage.kind) {
    case "filter":
      return stage.condition ?? ALWAYS;
    case "pipeline":
      return leftCondition(stage);
    case "spansets": {
      const right = leftBy(stage.right);
      const isOfBoth = stage.operator.startsWith("&") || stage.operator === "||";
      return isOfBoth ? joined("||", leftBy(stage.left), right) : right;
    }
    default:
      return ALWAYS;
  }
}

const NOWHERE = { start: 0, end: 0 };
const ALWAYS: FieldExpression = { kind: "literal", type: "boolean", value: true, ...NOWHERE };

function joined(operator: "&&" | "||", left: FieldExpression, right: FieldExpression): FieldExpression {
  return { kind: "binary", operator, left, right, ...NOWHERE };
}
