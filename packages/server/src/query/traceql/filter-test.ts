import type { FieldExpression } from "@clew/protocol/traceql/ast";
import { type ConditionOptions, Conditions } from "./conditions.ts";
import { asksWithin, chainOf, fieldsOf, isAlwaysBoolean, withFields } from "./fields-of.ts";
import type { SpanSet } from "./related-spans.ts";
import { isTrue, ownFields, type TraceView } from "./span-reader.ts";
import type { Columns, SpanColumnsPlan } from "./span-table.ts";
import { NOBODY } from "./trace-tree.ts";

/** How a filter is decided for the spans of a whole trace. */
export type FilterTest =
  /** By a column that the store worked out, of the span itself. */
  | { readonly kind: "own"; readonly column: string }
  | { readonly kind: "parent"; readonly column: string; readonly withoutParent: boolean }
  | { readonly kind: "root"; readonly column: string; readonly withoutRoot: string }
  | { readonly kind: "all" | "any"; readonly tests: readonly FilterTest[] }
  | { readonly kind: "not"; readonly test: FilterTest }
  /** By values of fields. */
  | { readonly kind: "values"; readonly expression: FieldExpression };

/** Plans how a filter is decided, and which columns that takes. What the store can work out it does. */
export function planFilter(
  expression: FieldExpression,
  options: Omit<ConditionOptions, "place" | "parameters">,
  plan: SpanColumnsPlan,
): FilterTest {
  const { parameters } = plan;
  const own = new Conditions({ ...options, parameters });
  const exactAt = (place: "own" | "root" | "noRoot", atom: FieldExpression) =>
    new Conditions({ ...options, parameters, place }).exact(atom);

  const planned = (part: FieldExpression): FilterTest => {
    const exact = own.exact(part);
    if (exact !== undefined) return { kind: "own", column: plan.add(exact) };
    if (part.kind === "binary" && (part.operator === "&&" || part.operator === "||")) {
      const tests = chainOf(part, part.operator).map(planned);
      return { kind: part.operator === "&&" ? "all" : "any", tests };
    }
    if (part.kind === "unary" && part.operator === "!" && isAlwaysBoolean(part.operand)) {
      return { kind: "not", test: planned(part.operand) };
    }
    const fields = fieldsOf(part);
    if (fields.every((field) => field.ofParent)) {
      const ofParent = exactAt(
        "own",
        withFields(part, (field) => ({ ...field, ofParent: false })),
      );
      if (ofParent !== undefined && !asksWithin(part)) {
        const withoutParent = part.kind === "exists" && part.negated;
        return { kind: "parent", column: plan.add(ofParent), withoutParent };
      }
    }
    if (fields.every((field) => field.kind === "intrinsic" && field.name.startsWith("trace:root"))) {
      const [column, withoutRoot] = [exactAt("root", part), exactAt("noRoot", part)];
      if (column !== undefined && withoutRoot !== undefined) {
        return { kind: "root", column: plan.add(column), withoutRoot: plan.add(withoutRoot) };
      }
    }
    for (const field of fields) for (const read of ownFields(field)) plan.addFields(read);
    return { kind: "values", expression: part };
  };
  return planned(expression);
}

/** Whether deciding the filter takes the other spans of a trace. */
export function looksAround(test: FilterTest): boolean {
  switch (test.kind) {
    case "own":
      return false;
    case "all":
    case "any":
      return test.tests.some(looksAround);
    case "not":
      return looksAround(test.test);
    case "values":
      return fieldsOf(test.expression).some(
        (field) =>
          field.ofParent ||
          (field.kind === "intrinsic" && /^(trace:|nested|span:childCount)/.test(field.name)),
      );
    default:
      return true;
  }
}

/** The spans for which a test holds. `rows` are the rows of the spans in the columns. */
export function spansThat(
  test: FilterTest,
  view: TraceView,
  columns: Columns,
  rows: ArrayLike<number>,
): SpanSet {
  const { tree } = view;
  const { count } = tree.spans;
  const found = new Uint8Array(count);
  switch (test.kind) {
    case "own": {
      const column = columns[test.column]!;
      for (let span = 0; span < count; span++) found[span] = Number(column[rows[span]!]);
      return found;
    }
    case "parent": {
      const column = columns[test.column]!;
      for (let span = 0; span < count; span++) {
        const parent = tree.parents[span]!;
        found[span] = parent === NOBODY ? Number(test.withoutParent) : Number(column[rows[parent]!]);
      }
      return found;
    }
    case "root": {
      const isMissing = tree.root === NOBODY;
      const column = columns[isMissing ? test.withoutRoot : test.column]!;
      return found.fill(Number(column[rows[isMissing ? 0 : tree.root]!]));
    }
    case "not":
      return spansThat(test.test, view, columns, rows).map((is) => 1 - is);
    case "all":
    case "any": {
      const isAll = test.kind === "all";
      found.fill(Number(isAll));
      for (const part of test.tests) {
        const those = spansThat(part, view, columns, rows);
        for (let span = 0; span < count; span++) {
          found[span] = isAll ? found[span]! & those[span]! : found[span]! | those[span]!;
        }
      }
      return found;
    }
    case "values":
      for (let span = 0; span < count; span++) {
        view.beat();
        found[span] = Number(isTrue(test.expression, view, span));
      }
      return found;
  }
}
