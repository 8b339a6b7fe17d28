import type { TimeSteps } from "@clew/protocol/traceql/time-steps";

/** A row of `metric-numbers.sql`. */
export interface NumberRow {
  readonly stream: string;
  readonly step_index: number;
  readonly label: string;
  readonly last_value: number;
  readonly total: number;
  readonly start_ns: string;
  readonly is_delta: number;
  readonly is_monotonic: number;
}

/** Values by label, one for each step; null where there are none. */
export type LabelledValues = Map<string, (number | null)[]>;

export interface NumberSeries {
  readonly shows: "value" | "rate";
  readonly series: LabelledValues;
}

/**
 * Adds the streams of a gauge or sum up by label. Rows are in order of time; those of step -1 tell from where sums that
 * are counted from their start rise.
 */
export function numberSeries(
  rows: readonly NumberRow[],
  kind: "gauge" | "sum",
  steps: TimeSteps,
): NumberSeries {
  const isRate =
    kind === "sum" && rows.some(({ is_monotonic, is_delta }) => is_monotonic === 1 || is_delta === 1);
  const tally = new Tally(steps.count);
  if (!isRate) {
    for (const { label, step_index, last_value } of rows) tally.add(label, step_index, last_value);
    return { shows: "value", series: kind === "gauge" ? tally.means() : tally.sums() };
  }
  const seconds = Number(steps.step) / 1e9;
  const before = new Map<string, NumberRow>();
  for (const row of rows) {
    const last = before.get(row.stream);
    before.set(row.stream, row);
    const rise = row.is_delta === 1 ? row.total : riseOf(row, last, steps);
    if (rise !== undefined) tally.add(row.label, row.step_index, rise / seconds);
  }
  return { shows: "rate", series: tally.sums() };
}

/** By how much a sum rose since it was told last; undefined where that is not known. */
function riseOf(row: NumberRow, last: NumberRow | undefined, steps: TimeSteps): number | undefined {
  if (last !== undefined && last.start_ns === row.start_ns && row.last_value >= last.last_value) {
    return row.last_value - last.last_value;
  }
  // What began anew in this time, or within the step, rose from 0.
  if (last !== undefined) return row.last_value;
  return BigInt(row.start_ns) > steps.first - steps.step ? row.last_value : undefined;
}

/** Sums and counts by label and step. */
class Tally {
  readonly #count: number;
  readonly #byLabel = new Map<string, { readonly sum: number[]; readonly count: number[] }>();

  constructor(count: number) {
    this.#count = count;
  }

  add(label: string, step: number, value: number): void {
    if (step < 0 || step >= this.#count || !Number.isFinite(value)) return;
    let entry = this.#byLabel.get(label);
    if (entry === undefined) {
      entry = { sum: new Array(this.#count).fill(0), count: new Array(this.#count).fill(0) };
      this.#byLabel.set(label, entry);
    }
    entry.sum[step]! += value;
    entry.count[step]! += 1;
  }

  sums(): LabelledValues {
    return this.#values((sum) => sum);
  }

  means(): LabelledValues {
    return this.#values((sum, count) => sum / count);
  }

  #values(of: (sum: number, count: number) => number): LabelledValues {
    return new Map(
      [...this.#byLabel].map(([label, { sum, count }]) => [
        label,
        sum.map((total, step) => (count[step] === 0 ? null : of(total, count[step]!))),
      ]),
    );
  }
}
