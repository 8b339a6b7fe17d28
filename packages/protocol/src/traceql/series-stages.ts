import { floats } from "./arithmetic.ts";
import type { MetricsFilter, MetricsMath, Rank, SecondStage } from "./ast.ts";
import { compares } from "./compare-values.ts";
import { byLabels, type Label, labelsKey, NAME_LABEL, type Series, withValues } from "./series.ts";
import { float, seriesNumber, string, type Value } from "./value.ts";

/** The series that `topk`, `bottomk` or a comparison leaves. */
export function applyStage(stage: SecondStage, series: readonly Series[], points: number): readonly Series[] {
  return stage.kind === "rank" ? rank(stage, series, points) : filter(stage, series);
}

/** Drops points; a duration counts in seconds. */
function filter({ operator, value }: MetricsFilter, series: readonly Series[]): readonly Series[] {
  const limit = float(seriesNumber({ type: value.type, value: value.value } as Value)!);
  const keep = (point: number) => !Number.isNaN(point) && compares(operator, float(point), limit);
  return withValues(
    series.map(({ labels, values }) => ({
      labels,
      values: values.map((point) => (keep(point) ? point : Number.NaN)),
    })),
  );
}

/** The `limit` largest or smallest at each step; of equal ones those whose labels come first. */
function rank({ function: name, limit }: Rank, series: readonly Series[], points: number): readonly Series[] {
  if (series.length <= limit) return series;
  const sign = name === "topk" ? -1 : 1;
  const ordered = byLabels(series);
  const chosen = Array.from({ length: points }, (_, step) => {
    const known = ordered.filter(({ values }) => !Number.isNaN(values[step]));
    return new Set(known.toSorted((a, b) => sign * (a.values[step]! - b.values[step]!)).slice(0, limit));
  });
  return withValues(
    ordered.map((one) => ({
      labels: one.labels,
      values: one.values.map((point, step) => (chosen[step]!.has(one) ? point : Number.NaN)),
    })),
  );
}

/**
 * Series with equal labels are calculated with each other. One without labels is calculated with every other; when
 * both sides have one, the left side's labels count, else those of the side that has labels.
 */
export function calculate(
  math: MetricsMath,
  left: readonly Series[],
  right: readonly Series[],
): readonly Series[] {
  const lefts = new Map(left.map((one) => [labelsKey(one.labels), one]));
  const rights = new Map(right.map((one) => [labelsKey(one.labels), one]));
  const target = rights.has("") ? lefts : rights;
  return [...target.keys()].flatMap((key) => {
    const a = lefts.get(key) ?? lefts.get("");
    const b = rights.get(key) ?? rights.get("");
    if (a === undefined || b === undefined) return [];
    const values = a.values.map((point, step) => pointOf(math.operator, point, b.values[step]!));
    return [{ labels: merged(math, a.labels, b.labels), values }];
  });
}

/** A division by zero is nothing (documented). */
function pointOf(operator: MetricsMath["operator"], left: number, right: number): number {
  return operator === "/" && right === 0 ? Number.NaN : floats(operator, left, right);
}

function merged(math: MetricsMath, left: readonly Label[], right: readonly Label[]): readonly Label[] {
  const nameOf = (labels: readonly Label[]) => labels.find(({ name }) => name === NAME_LABEL)?.value;
  const labels = new Map([...right, ...left].map((label) => [label.name, label]));
  labels.delete(NAME_LABEL);
  const [a, b] = [nameOf(left), nameOf(right)];
  const constant = math.left.kind === "metricsConstant" || math.right.kind === "metricsConstant";
  if (constant && (a ?? b) !== undefined) labels.set(NAME_LABEL, { name: NAME_LABEL, value: a ?? b });
  else if (a?.type === "string" && b?.type === "string") {
    const value = string(`(${a.value} ${math.operator} ${b.value})`);
    labels.set(NAME_LABEL, { name: NAME_LABEL, value });
  }
  return [...labels.values()];
}
