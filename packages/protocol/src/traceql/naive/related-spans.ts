import type { Relation, StructuralOperator } from "../ast.ts";
import type { SpanView } from "./trace-view.ts";

/**
 * The spans that a structural operator leaves: of the right side those that (for `!`: do not) stand in the relation to
 * some span of the left side, and with `&` also the spans of the left side that they stand in it to.
 *
 * Structure is what parent ids say. Spans whose root is missing are related as well (in Tempo they are not); all spans
 * with one parent id are siblings, also where the parent is missing, and so are several roots.
 */
export function relatedSpans(
  operator: StructuralOperator,
  left: readonly SpanView[],
  right: readonly SpanView[],
): readonly SpanView[] {
  const negated = operator.startsWith("!");
  const union = operator.startsWith("&");
  const relation = (negated || union ? operator.slice(1) : operator) as Relation;
  const partners = right.map((span) => left.filter((other) => isRelated(relation, other, span)));
  if (negated) return right.filter((_, index) => partners[index]!.length === 0);
  const matching = right.filter((_, index) => partners[index]!.length > 0);
  return union ? [...new Set([...partners.flat(), ...matching])] : matching;
}

/** `right` is child, descendant, parent, ancestor or sibling of `left`. */
function isRelated(relation: Relation, left: SpanView, right: SpanView): boolean {
  switch (relation) {
    case ">":
      return right.parent === left;
    case "<":
      return left.parent === right;
    case ">>":
      return isAncestor(left, right);
    case "<<":
      return isAncestor(right, left);
    case "~":
      return left !== right && left.span.parentSpanId === right.span.parentSpanId;
  }
}

function isAncestor(above: SpanView, below: SpanView): boolean {
  const seen = new Set<SpanView>();
  for (let span = below.parent; span !== undefined && !seen.has(span); span = span.parent) {
    if (span === above) return true;
    seen.add(span);
  }
  return false;
}
