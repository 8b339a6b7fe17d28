import type {
  ArithmeticOperator,
  ComparisonOperator,
  Field,
  FieldExpression,
} from "@clew/protocol/traceql/ast";
import { arithmetic, compares, negated } from "@clew/protocol/traceql/compare-values";
import { boolean, duration, int, type Value } from "@clew/protocol/traceql/value";
import { isArithmetic } from "@clew/protocol/traceql/value-type";
import { NOBODY, type TraceTree } from "./trace-tree.ts";

/** One trace, with what its spans have of the fields that were asked for. */
export interface TraceView {
  readonly tree: TraceTree;
  readonly traceId: string;
  /** What a span's own row has of a field; of events and links an array. */
  own(field: Field, span: number): Value;
  /** Called for each span that is looked at; throws when the time is up. */
  beat(): void;
}

/** What an expression is for a span; nil when an operator cannot take what it is given. */
export function evaluate(expression: FieldExpression, view: TraceView, span: number): Value {
  switch (expression.kind) {
    case "literal":
      return { type: expression.type, value: expression.value } as Value;
    case "attribute":
    case "intrinsic":
      return readOne(expression, view, span);
    case "exists":
      return boolean((operand(expression.operand, view, span) !== undefined) !== expression.negated);
    case "unary": {
      const value = evaluate(expression.operand, view, span);
      if (expression.operator === "-") return negated(value);
      return value?.type === "boolean" ? boolean(!value.value) : undefined;
    }
    case "binary": {
      const { operator, left, right } = expression;
      if (operator === "&&") return boolean(isTrue(left, view, span) && isTrue(right, view, span));
      if (operator === "||") return boolean(isTrue(left, view, span) || isTrue(right, view, span));
      if (isArithmetic(operator)) {
        const sides = [evaluate(left, view, span), evaluate(right, view, span)] as const;
        return arithmetic(operator as ArithmeticOperator, ...sides);
      }
      const sides = [operand(left, view, span), operand(right, view, span)] as const;
      return boolean(compares(operator as ComparisonOperator, ...sides));
    }
  }
}

export function isTrue(expression: FieldExpression, view: TraceView, span: number): boolean {
  const value = evaluate(expression, view, span);
  return value?.type === "boolean" && value.value;
}

function operand(expression: FieldExpression, view: TraceView, span: number): Value {
  const isField = expression.kind === "attribute" || expression.kind === "intrinsic";
  return isField ? readField(expression, view, span) : evaluate(expression, view, span);
}

/** The one value of a field where several make no sense: of events and links the first. */
function readOne(field: Field, view: TraceView, span: number): Value {
  const value = readField(field, view, span);
  const scope = field.kind === "attribute" ? field.scope : field.name.split(":")[0];
  return (scope === "event" || scope === "link") && value?.type === "array" ? value.elements[0] : value;
}

/** All values of a field: of events and links an array. */
export function readField(field: Field, view: TraceView, span: number): Value {
  const of = field.ofParent ? view.tree.parents[span]! : span;
  if (of === NOBODY) return undefined;
  if (field.kind === "attribute") return view.own(field, of);
  const { tree } = view;
  switch (field.name) {
    case "span:childCount":
      return int(tree.childCounts[of]!);
    case "trace:duration":
      return duration(tree.duration);
    case "trace:rootName":
      return ofRoot({ ...field, name: "span:name" }, view);
    case "trace:rootService":
      return ofRoot(ROOT_SERVICE, view);
    case "nestedSetLeft":
      return int(tree.nestedSets.left[of]!);
    case "nestedSetRight":
      return int(tree.nestedSets.right[of]!);
    case "nestedSetParent":
      return int(tree.nestedSets.parent[of]!);
    default:
      return view.own(field, of);
  }
}

function ofRoot(field: Field, view: TraceView): Value {
  const value = view.tree.root === NOBODY ? undefined : view.own(field, view.tree.root);
  return value ?? { type: "string", value: "" };
}

export const ROOT_SERVICE: Field = {
  kind: "attribute",
  scope: "resource",
  name: "service.name",
  ofParent: false,
  start: 0,
  end: 0,
};

/** The fields that reading this one takes. */
export function ownFields(field: Field): readonly Field[] {
  const own = { ...field, ofParent: false };
  if (own.kind === "attribute") return [own];
  switch (own.name) {
    case "trace:rootName":
      return [{ ...own, name: "span:name" }];
    case "trace:rootService":
      return [ROOT_SERVICE];
    default:
      return [own];
  }
}
