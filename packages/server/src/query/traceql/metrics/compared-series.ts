import type { AnyValue, KeyValue } from "@clew/protocol/otlp/model";
import type { Compare, Field, Pipeline } from "@clew/protocol/traceql/ast";
import { ComparedCounts, type ComparedSide } from "@clew/protocol/traceql/compared-counts";
import { COMPARED_INTRINSICS } from "@clew/protocol/traceql/compared-fields";
import { fieldLabel } from "@clew/protocol/traceql/field-label";
import { stepIndex } from "@clew/protocol/traceql/time-steps";
import { elementsOf, type Value } from "@clew/protocol/traceql/value";
import { fragment, type SqlFragment } from "../../sql.ts";
import { decodeValue, sentValue } from "../coded-value.ts";
import { spansTaken } from "../judge-trace.ts";
import type { ReadTrace } from "../read-spans.ts";
import type { SpanSet } from "../related-spans.ts";
import { BudgetSpent } from "../search-budget.ts";
import { planSearch, type SearchPlan } from "../search-plan.ts";
import { readField } from "../span-reader.ts";
import {
  asFarAsPossible,
  type MetricsContext,
  type PipelineSeries,
  type Progress,
} from "./metrics-context.ts";
import { walkTraces } from "./traces-way.ts";

/** Different values that are counted, and these times points; an attribute may have another one on every span. */
const MOST_VALUES = 200_000;
const MOST_CELLS = 10_000_000;
const NOWHERE = { ofParent: false, start: 0, end: 0 } as const;
const INTRINSICS = COMPARED_INTRINSICS.map((name) => {
  const field: Field = { kind: "intrinsic", name, ...NOWHERE };
  return { field, label: fieldLabel(field) };
});

/** The series of `compare()`, from whole traces as the store has them. */
export async function comparedSeries(
  context: MetricsContext,
  pipeline: Pipeline,
  compare: Compare,
): Promise<PipelineSeries> {
  const { store, signal, steps } = context;
  const { selection, from, to, topN } = compare;
  const plan = await planSearch(store, pipeline, signal, {
    fields: INTRINSICS.map(({ field }) => field),
    filters: [selection],
  });
  const attributes = new RowAttributes(plan);
  const counts = new ComparedCounts(steps.count, topN);
  const selected = new WeakMap<ReadTrace, SpanSet>();
  const progress: Progress = {};
  const mostValues = Math.min(MOST_VALUES, Math.floor(MOST_CELLS / steps.count));
  const partial = await asFarAsPossible(progress, () =>
    walkTraces(context, plan, progress, (trace, span) => {
      const start = trace.tree.spans.starts[span]!;
      const point = stepIndex(steps, start);
      if (point === undefined) return;
      const taken = selected.get(trace) ?? spansTaken(selection, trace, plan);
      selected.set(trace, taken);
      const isInTime = (from === 0n && to === 0n) || (start > from && start <= to);
      const side: ComparedSide = isInTime && taken[span] === 1 ? "selection" : "baseline";
      const count = (label: string, value: Value) => {
        for (const one of elementsOf(value)) counts.add(side, label, one, point);
      };
      for (const { field, label } of INTRINSICS) count(label, readField(field, trace, span));
      attributes.each(trace, span, count);
      if (counts.valueCount > mostValues) throw new BudgetSpent("size");
    }),
  );
  return { series: counts.series(), ...partial };
}

type Scope = "span" | "event" | "link" | "resource" | "instrumentation";

/** All attributes of a row of `spans`, by key and coded text. */
const SPAN_ATTRIBUTES = fragment`arrayConcat(
  arrayMap((key, value, type) -> (toString(key), concat(type, value)), mapKeys(attributes), mapValues(attributes),
    extractAll(translate(attribute_types, 'ABDIMNPSX', ''), '.')),
  arrayMap((key, value, type) -> (toString(key), concat(lower(type), value)), mapKeys(content), mapValues(content),
    extractAll(translate(attribute_types, 'abdimnpsx', ''), '.')))`;
const EVENT_ATTRIBUTES = repeated(fragment`events.attributes, events.attribute_types`);
const LINK_ATTRIBUTES = repeated(fragment`links.attributes, links.attribute_types`);

function repeated(lists: SqlFragment): SqlFragment {
  return fragment`arrayFlatten(arrayMap((map, types) -> arrayMap(
    (key, value, type) -> (toString(key), concat(type, value)), mapKeys(map), mapValues(map), extractAll(types, '.')), ${lists}))`;
}

/** Reads all attributes of spans and of what they come from. */
class RowAttributes {
  readonly #columns: readonly (readonly [scope: Scope, column: string])[];
  readonly #labels = new Map<string, string>();

  constructor({ columns }: SearchPlan) {
    this.#columns = [
      ["span", columns.add(SPAN_ATTRIBUTES)],
      ["event", columns.add(EVENT_ATTRIBUTES)],
      ["link", columns.add(LINK_ATTRIBUTES)],
    ];
    columns.addOrigins();
  }

  /** Calls back for each attribute; of events and links once for each that has it. */
  each(trace: ReadTrace, span: number, take: (label: string, value: Value) => void): void {
    const row = trace.rows[span]!;
    for (const [scope, column] of this.#columns) {
      const seen = new Set<string>();
      for (const [key, coded] of trace.columns[column]![row] as readonly (readonly [string, string])[]) {
        // Of a key that a span has twice the first counts.
        if (scope === "span" && seen.has(key)) continue;
        seen.add(key);
        take(this.#labelOf(scope, key), decodeValue(coded));
      }
    }
    const { resource, scope } = trace.origin(span);
    this.#ofOrigin("resource", resource?.attributes, take);
    this.#ofOrigin("instrumentation", scope?.attributes, take);
  }

  #ofOrigin(
    scope: Scope,
    attributes: readonly KeyValue[] = [],
    take: (label: string, value: Value) => void,
  ): void {
    const first = new Map<string, AnyValue | undefined>();
    for (const { key = "", value } of attributes) if (!first.has(key)) first.set(key, value);
    for (const [key, value] of first) take(this.#labelOf(scope, key), value && sentValue(value));
  }

  #labelOf(scope: Scope, name: string): string {
    const place = `${scope} ${name}`;
    const known = this.#labels.get(place) ?? fieldLabel({ kind: "attribute", scope, name, ...NOWHERE });
    this.#labels.set(place, known);
    return known;
  }
}
