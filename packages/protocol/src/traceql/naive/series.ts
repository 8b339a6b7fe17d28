import { type Value, valueKey } from "../value.ts";

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
