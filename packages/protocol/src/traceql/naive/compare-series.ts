import type { Compare, Field } from "../ast.ts";
import { COMPARED_INTRINSICS } from "../compared-fields.ts";
import { fieldLabel } from "../field-label.ts";
import { stepIndex, type TimeSteps } from "../time-steps.ts";
import { elementsOf, string, type Value, valueKey } from "../value.ts";
import { isTrue } from "./evaluate-expression.ts";
import type { PlainSpan } from "./plain-trace.ts";
import { readField } from "./read-field.ts";
import type { Label, Series } from "./series.ts";
import type { SpanView } from "./trace-view.ts";

const NOWHERE = { ofParent: false, start: 0, end: 0 } as const;

/** How often each value of a field was seen, at each step. */
interface FieldCounts {
  readonly total: number[];
  readonly values: Map<string, { readonly value: Value; readonly counts: number[] }>;
}

/**
 * The series of `compare()`, labelled as in Tempo: `__meta_type` is `selection` or `baseline` with a field and its
 * value, or `selection_total` or `baseline_total` with a field and nil. Of each field the most frequent values are
 * told; `__meta_error` names the fields that have more.
 */
export function compareSeries(
  compare: Compare,
  spans: readonly SpanView[],
  steps: TimeSteps,
): readonly Series[] {
  const sides = { baseline: new Map<string, FieldCounts>(), selection: new Map<string, FieldCounts>() };
  for (const view of spans) {
    const step = stepIndex(steps, view.span.start);
    if (step === undefined) continue;
    const side = sides[isSelected(compare, view) ? "selection" : "baseline"];
    for (const field of fieldsOf(view.span)) {
      for (const value of elementsOf(readField(view, field)))
        count(side, fieldLabel(field), value, step, steps.count);
    }
  }
  const tooMany = new Set<string>();
  const series: Series[] = [];
  for (const [name, side] of Object.entries(sides)) {
    for (const [field, { total, values }] of side) {
      const all = [...values].map(([key, seen]) => ({ key, ...seen }));
      if (all.length > compare.topN) tooMany.add(field);
      for (const { value, counts } of all.toSorted(mostFirst).slice(0, compare.topN)) {
        series.push({ labels: meta("__meta_type", name, field, value), values: counts });
      }
      series.push({ labels: meta("__meta_type", `${name}_total`, field, undefined), values: total });
    }
  }
  // These have no values at all, and have to be kept nevertheless.
  for (const field of tooMany) {
    series.push({ labels: meta("__meta_error", "__too_many_values__", field, undefined), values: [] });
  }
  return series;
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

function count(
  side: Map<string, FieldCounts>,
  field: string,
  value: Value,
  step: number,
  stepCount: number,
): void {
  const zeros = () => Array.from({ length: stepCount }, () => 0);
  const counts = side.get(field) ?? { total: zeros(), values: new Map() };
  side.set(field, counts);
  const key = valueKey(value);
  const seen = counts.values.get(key) ?? { value, counts: zeros() };
  counts.values.set(key, seen);
  seen.counts[step]! += 1;
  counts.total[step]! += 1;
}

function mostFirst(
  a: { readonly key: string; readonly counts: readonly number[] },
  b: { readonly key: string; readonly counts: readonly number[] },
): number {
  const sum = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0);
  return sum(b.counts) - sum(a.counts) || (a.key < b.key ? -1 : 1);
}

function meta(name: string, side: string, field: string, value: Value): readonly Label[] {
  return [
    { name, value: string(side) },
    { name: field, value },
  ];
}
