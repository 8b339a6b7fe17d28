import { type Value, valueKey } from "./value.ts";

/** Values over time under one set of labels. */
export interface Series {
  readonly labels: readonly Label[];
  /** One for each point of time; NaN where there is none. */
  readonly values: readonly number[];
}

export interface Label {
  readonly name: string;
  /** Undefined is nil. */
  readonly value: Value;
}

/** The label that names what an ungrouped series counts; it does not tell series apart. */
export const NAME_LABEL = "__name__";

/** A text that is equal for equal labels, whatever their order and name. */
export function labelsKey(labels: readonly Label[]): string {
  return labels
    .filter(({ name }) => name !== NAME_LABEL)
    .map(({ name, value }) => `${name}=${valueKey(value)}`)
    .toSorted()
    .join();
}

/** The series that have a value at any time. */
export function withValues(series: readonly Series[]): readonly Series[] {
  return series.filter(({ values }) => values.some((value) => !Number.isNaN(value)));
}

/** The label that marks what `compare()` could not tell; such a series has no values. */
export const ERROR_LABEL = "__meta_error";

/** What an answer has of these series: those with a value at any time, ordered by labels. */
export function inOrder(series: readonly Series[]): readonly Series[] {
  const kept = new Set(withValues(series));
  return byLabels(series.filter((one) => kept.has(one) || one.labels[0]?.name === ERROR_LABEL));
}

export function byLabels(series: readonly Series[]): readonly Series[] {
  return series
    .map((one) => ({ one, key: labelsKey(one.labels) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ one }) => one);
}
