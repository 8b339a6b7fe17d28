import type { Compare, Field, MetricsAggregate } from "../ast.ts";
import { fieldLabel } from "../field-label.ts";
import { type Label, labelsKey, NAME_LABEL, type Series } from "../series.ts";
import { stepIndex, type TimeSteps } from "../time-steps.ts";
import { float, isNumber, type NumberValue, seriesNumber, string } from "../value.ts";
import { compareSeries } from "./compare-series.ts";
import { readOne } from "./read-field.ts";
import type { SpanView } from "./trace-view.ts";

/** Series of the spans that start within the steps. */
export function evaluateAggregate(
  aggregate: MetricsAggregate,
  spans: readonly SpanView[],
  steps: TimeSteps,
): readonly Series[] {
  if (aggregate.kind === "compare") return compareSeries(aggregate satisfies Compare, spans, steps);
  const groups = new Map<string, Group>();
  for (const span of spans) {
    const step = stepIndex(steps, span.span.start);
    if (step === undefined) continue;
    for (const labels of labelsOf(aggregate, span)) {
      const group = groupOf(groups, labels, steps);
      group.steps[step]!.push(span);
    }
  }
  // Tempo has one series of zeros for what nothing matches, unless it is grouped.
  if (aggregate.kind === "spanCount" && aggregate.by.length === 0) {
    groupOf(groups, [{ name: NAME_LABEL, value: string(aggregate.function) }], steps);
  }
  return [...groups.values()].flatMap((group) => seriesOf(aggregate, group, steps));
}

interface Group {
  readonly labels: readonly Label[];
  readonly steps: readonly SpanView[][];
}

function groupOf(groups: Map<string, Group>, labels: readonly Label[], steps: TimeSteps): Group {
  const key = labelsKey(labels);
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group = { labels, steps: Array.from({ length: steps.count }, () => []) };
  groups.set(key, group);
  return group;
}

type Grouped = Exclude<MetricsAggregate, Compare>;

/** The labels of the series that a span counts in; none when it lacks the field of a histogram. */
function labelsOf(aggregate: Grouped, span: SpanView): (readonly Label[])[] {
  const by = byLabels(aggregate.by, span);
  if (aggregate.kind === "fieldOverTime" && aggregate.function === "histogram_over_time") {
    const value = readOne(span, aggregate.field);
    if (!isNumber(value) || seriesNumber(value) === undefined) return [];
    const grouped = by.filter((label) => label.value !== undefined);
    return [[...grouped, { name: "__bucket", value: float(bucketOf(value)) }]];
  }
  if (aggregate.by.length > 0) return [by];
  if (aggregate.kind === "quantile") return [[]];
  return [[{ name: NAME_LABEL, value: string(aggregate.function) }]];
}

/** Nils are left out, but for the first label when all are nil. */
function byLabels(by: readonly Field[], span: SpanView): readonly Label[] {
  const labels = by.map((field) => ({ name: fieldLabel(field), value: readOne(span, field) }));
  const known = labels.filter(({ value }) => value !== undefined);
  return known.length > 0 ? known : labels.slice(0, 1);
}

/**
 * The power of two that a value is rounded up to, of durations that of the nanoseconds, in seconds. 0 for what is not
 * positive. (Tempo leaves out values below 2 and all floats.)
 */
function bucketOf(value: NumberValue): number {
  const number = Number(value.value);
  if (number <= 0) return 0;
  let bucket = 2 ** Math.floor(Math.log2(number));
  while (bucket < number) bucket *= 2;
  return value.type === "duration" ? bucket / 1e9 : bucket;
}

function seriesOf(aggregate: Grouped, { labels, steps: slots }: Group, steps: TimeSteps): readonly Series[] {
  if (aggregate.kind === "spanCount") {
    const per = aggregate.function === "rate" ? Number(steps.step) / 1e9 : 1;
    return [{ labels, values: slots.map((spans) => spans.length / per) }];
  }
  const numbers = slots.map((spans) =>
    spans
      .map((span) => seriesNumber(readOne(span, aggregate.field)))
      .filter((number) => number !== undefined),
  );
  if (aggregate.kind === "quantile") {
    return aggregate.quantiles.map((p) => ({
      labels: [...labels, { name: "p", value: float(p) }],
      values: numbers.map((slot) => quantile(slot, p)),
    }));
  }
  return [{ labels, values: numbers.map((slot) => overTime(aggregate.function, slot)) }];
}

function overTime(name: string, numbers: readonly number[]): number {
  if (name === "histogram_over_time") return numbers.length;
  if (numbers.length === 0) return Number.NaN;
  const sum = numbers.reduce((total, number) => total + number, 0);
  switch (name) {
    case "min_over_time":
      return Math.min(...numbers);
    case "max_over_time":
      return Math.max(...numbers);
    case "sum_over_time":
      return sum;
    default:
      return sum / numbers.length;
  }
}

/** Interpolated between the two nearest values, as PromQL does. (Tempo estimates it from buckets of powers of two.) */
function quantile(numbers: readonly number[], p: number): number {
  if (numbers.length === 0) return Number.NaN;
  const sorted = numbers.toSorted((a, b) => a - b);
  const rank = p * (sorted.length - 1);
  const below = sorted[Math.floor(rank)]!;
  const above = sorted[Math.ceil(rank)]!;
  return below + (above - below) * (rank - Math.floor(rank));
}
