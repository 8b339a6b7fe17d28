import type { Compare, Field } from "../ast.ts";
import { ComparedCounts } from "../compared-counts.ts";
import { COMPARED_INTRINSICS } from "../compared-fields.ts";
import { fieldLabel } from "../field-label.ts";
import type { Series } from "../series.ts";
import { stepIndex, type TimeSteps } from "../time-steps.ts";
import { elementsOf } from "../value.ts";
import { isTrue } from "./evaluate-expression.ts";
import type { PlainSpan } from "./plain-trace.ts";
import { readField } from "./read-field.ts";
import type { SpanView } from "./trace-view.ts";

const NOWHERE = { ofParent: false, start: 0, end: 0 } as const;

/** The series of `compare()`. */
export function compareSeries(
  compare: Compare,
  spans: readonly SpanView[],
  steps: TimeSteps,
): readonly Series[] {
  const counts = new ComparedCounts(steps.count, compare.topN);
  for (const view of spans) {
    const point = stepIndex(steps, view.span.start);
    if (point === undefined) continue;
    const side = isSelected(compare, view) ? "selection" : "baseline";
    for (const field of fieldsOf(view.span)) {
      for (const value of elementsOf(readField(view, field)))
        counts.add(side, fieldLabel(field), value, point);
    }
  }
  return counts.series();
}

function isSelected({ selection, from, to }: Compare, view: SpanView): boolean {
  const inTime = (from === 0n && to === 0n) || (view.span.start > from && view.span.start <= to);
  return inTime && isTrue(selection.condition, view);
}

function fieldsOf(span: PlainSpan): readonly Field[] {
  const scopes = {
    span: Object.keys(span.attributes),
    resource: Object.keys(span.resource),
    event: span.events.flatMap(({ attributes }) => Object.keys(attributes)),
    link: span.links.flatMap(({ attributes }) => Object.keys(attributes)),
    instrumentation: Object.keys(span.instrumentation.attributes),
  } as const;
  const attributes = (Object.keys(scopes) as (keyof typeof scopes)[]).flatMap((scope) =>
    [...new Set(scopes[scope])].map((name): Field => ({ kind: "attribute", scope, name, ...NOWHERE })),
  );
  return [
    ...COMPARED_INTRINSICS.map((name): Field => ({ kind: "intrinsic", name, ...NOWHERE })),
    ...attributes,
  ];
}
