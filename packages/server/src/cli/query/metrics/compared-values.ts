import type { MetricsSeries } from "@clew/protocol/api/metrics";
import { labelKeys, labelText } from "./series-name.ts";

const SIDE = "__meta_type";
const TOO_MANY = "__meta_error";

/** What `compare()` tells of a value of a field. */
export interface ComparedValue {
  readonly field: string;
  readonly value: string;
  /** Share of the selected spans that have the value, 0 to 1; undefined when it is not told. */
  readonly selection: number | undefined;
  /** Share of the other spans. */
  readonly baseline: number | undefined;
  /** Of the shares; what is not told counts as nothing. */
  readonly difference: number;
}

export interface Comparison {
  /** How many spans were selected, and how many others there are. */
  readonly spans: { readonly selection: number; readonly baseline: number };
  /** Fields by the greatest difference of a value, values of a field by theirs. */
  readonly values: readonly ComparedValue[];
}

export function isComparison(series: readonly MetricsSeries[]): boolean {
  return series.some(({ labels }) => labels.some(({ key }) => key === SIDE));
}

/** Adds up the series of `compare()` over time. */
export function comparedValues(series: readonly MetricsSeries[]): Comparison {
  const sides = new Map<string, Map<string, number>>();
  const fields = new Map<string, Set<string>>();
  const tooMany = new Set<string>();
  const totals = { selection: 0, baseline: 0 };
  for (const one of series) {
    const side = labelText(one, SIDE);
    const field = labelKeys([one]).find((key) => key !== SIDE && key !== TOO_MANY) ?? "";
    const sum = one.values.reduce<number>((all, value) => all + (value ?? 0), 0);
    if (side === "") tooMany.add(field);
    // Every span has a name.
    else if (side.endsWith("_total")) {
      if (field === "name") totals[side === "selection_total" ? "selection" : "baseline"] = sum;
    } else {
      const value = labelText(one, field);
      const known = fields.get(field) ?? new Set();
      fields.set(field, known.add(value));
      const sums = sides.get(side) ?? new Map<string, number>();
      sides.set(side, sums.set(keyOf(field, value), sum));
    }
  }
  const share = (side: "selection" | "baseline", field: string, value: string): number | undefined => {
    const sum = sides.get(side)?.get(keyOf(field, value));
    if (sum === undefined) return tooMany.has(field) ? undefined : 0;
    return totals[side] === 0 ? 0 : sum / totals[side];
  };
  const values = [...fields].map(([field, all]) =>
    [...all]
      .map((value): ComparedValue => {
        const selection = share("selection", field, value);
        const baseline = share("baseline", field, value);
        return { field, value, selection, baseline, difference: (selection ?? 0) - (baseline ?? 0) };
      })
      .sort(byDifference),
  );
  return { spans: totals, values: values.sort((a, b) => byDifference(a[0]!, b[0]!)).flat() };
}

function byDifference(a: ComparedValue, b: ComparedValue): number {
  return Math.abs(b.difference) - Math.abs(a.difference) || b.difference - a.difference;
}

function keyOf(field: string, value: string): string {
  return JSON.stringify([field, value]);
}
