import type { Compare, MetricsAggregate } from "@clew/protocol/traceql/ast";
import { type Label, labelsKey, NAME_LABEL, type Series } from "@clew/protocol/traceql/series";
import type { TimeSteps } from "@clew/protocol/traceql/time-steps";
import { float, string } from "@clew/protocol/traceql/value";
import { QueryTooLarge } from "../../../store/store-errors.ts";
import { BudgetSpent } from "../search-budget.ts";

export type Summed = Exclude<MetricsAggregate, Compare>;

/** Of one pipeline; an answer tells fewer. */
export const MOST_SERIES = 20_000;
/** Series times points. */
const MOST_CELLS = 5_000_000;
/** Kept to find quantiles of. */
const MOST_NUMBERS = 5_000_000;

export function tooManySeries(most: number): QueryTooLarge {
  return new QueryTooLarge(
    `This query makes more than ${most} series for this time and step: group by fewer values, or filter`,
  );
}

/** Spans under the same labels, point by point. */
interface Tally {
  readonly labels: readonly Label[];
  readonly counts: Float64Array;
  /** Least, greatest or sum; of quantiles each in its turn. */
  readonly values: readonly Float64Array[];
  /** What quantiles are to be found of. */
  readonly numbers: (number[] | undefined)[];
}

/** Adds up what makes the series of one metrics function. Memory is bounded: throws `QueryTooLarge`, `BudgetSpent`. */
export class Tallies {
  readonly #aggregate: Summed;
  readonly #steps: TimeSteps;
  readonly #tallies = new Map<string, Tally>();
  /** That can be held. */
  readonly mostSeries: number;
  #numbers = 0;

  constructor(aggregate: Summed, steps: TimeSteps) {
    this.#aggregate = aggregate;
    this.#steps = steps;
    this.mostSeries = Math.min(MOST_SERIES, Math.floor(MOST_CELLS / steps.count));
    // A count of nothing is 0, unless it is grouped.
    if (aggregate.kind === "spanCount" && aggregate.by.length === 0) this.#tallyOf(this.named());
  }

  /** The labels of a query without `by(...)`. */
  named(): readonly Label[] {
    const { kind } = this.#aggregate;
    return kind === "quantile" ? [] : [{ name: NAME_LABEL, value: string(this.#aggregate.function) }];
  }

  /**
   * Some spans at a point. `value` is what the function makes of their numbers: their sum, for an average too, the
   * least or the greatest; it means nothing where spans are counted.
   */
  add(labels: readonly Label[], point: number, count: number, value: number): void {
    const tally = this.#tallyOf(labels);
    const before = tally.counts[point]!;
    tally.counts[point] = before + count;
    const [values] = tally.values;
    if (values !== undefined) values[point] = before === 0 ? value : this.#joined(values[point]!, value);
  }

  /** The quantiles of a point, in the order of the query. */
  setQuantiles(labels: readonly Label[], point: number, quantiles: readonly number[]): void {
    const tally = this.#tallyOf(labels);
    for (const [at, values] of tally.values.entries()) values[point] = quantiles[at] ?? Number.NaN;
    tally.counts[point] = 1;
  }

  /** One span's number, of which quantiles are found in the end. */
  addNumber(labels: readonly Label[], point: number, number: number): void {
    this.#numbers += 1;
    if (this.#numbers > MOST_NUMBERS) throw new BudgetSpent("size");
    const { numbers } = this.#tallyOf(labels);
    (numbers[point] ??= []).push(number);
  }

  series(): readonly Series[] {
    return [...this.#tallies.values()].flatMap((tally) => this.#seriesOf(tally));
  }

  #joined(a: number, b: number): number {
    const aggregate = this.#aggregate;
    if (aggregate.kind !== "fieldOverTime") return b;
    if (aggregate.function === "min_over_time") return Math.min(a, b);
    return aggregate.function === "max_over_time" ? Math.max(a, b) : a + b;
  }

  #tallyOf(labels: readonly Label[]): Tally {
    const key = labelsKey(labels);
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    const valuesPerPoint = this.#valuesPerPoint();
    if (this.#tallies.size * Math.max(1, valuesPerPoint) >= this.mostSeries) {
      throw tooManySeries(this.mostSeries);
    }
    const { count } = this.#steps;
    const values = Array.from({ length: valuesPerPoint }, () => new Float64Array(count).fill(Number.NaN));
    const tally = { labels, counts: new Float64Array(count), values, numbers: [] };
    this.#tallies.set(key, tally);
    return tally;
  }

  #valuesPerPoint(): number {
    const aggregate = this.#aggregate;
    if (aggregate.kind === "quantile") return aggregate.quantiles.length;
    return aggregate.kind === "spanCount" || aggregate.function === "histogram_over_time" ? 0 : 1;
  }

  #seriesOf({ labels, counts, values, numbers }: Tally): readonly Series[] {
    const aggregate = this.#aggregate;
    if (aggregate.kind === "quantile") {
      for (const [point, some] of numbers.entries()) {
        const sorted = Float64Array.from(some ?? []).sort();
        for (const [at, p] of aggregate.quantiles.entries())
          if (sorted.length > 0) values[at]![point] = quantile(sorted, p);
      }
      return aggregate.quantiles.map((p, at) => ({
        labels: [...labels, { name: "p", value: float(p) }],
        values: [...values[at]!],
      }));
    }
    if (aggregate.function === "rate") {
      const seconds = Number(this.#steps.step) / 1e9;
      return [{ labels, values: Array.from(counts, (count) => count / seconds) }];
    }
    const [only] = values;
    if (only === undefined) return [{ labels, values: [...counts] }];
    if (aggregate.function !== "avg_over_time") return [{ labels, values: [...only] }];
    return [{ labels, values: Array.from(only, (sum, point) => sum / counts[point]!) }];
  }
}

/** Between the two nearest, in proportion. */
function quantile(sorted: Float64Array, p: number): number {
  const rank = p * (sorted.length - 1);
  const below = sorted[Math.floor(rank)]!;
  const above = sorted[Math.ceil(rank)]!;
  return below + (above - below) * (rank - Math.floor(rank));
}
