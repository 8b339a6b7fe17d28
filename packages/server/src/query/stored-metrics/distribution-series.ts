import type { TimeSteps } from "@clew/protocol/traceql/time-steps";
import type { LabelledValues } from "./number-series.ts";

/** A row of `metric-distributions.sql`. */
export interface DistributionRow {
  readonly stream: string;
  readonly step_index: number;
  readonly label: string;
  readonly bounds: readonly number[];
  readonly bucket_scale: number;
  readonly bucket_offset: number;
  readonly last_buckets: readonly number[];
  readonly last_zeros: number;
  readonly total_buckets: readonly number[];
  readonly total_zeros: number;
  readonly start_ns: string;
  readonly is_delta: number;
  readonly quantiles: readonly number[];
  readonly quantile_values: readonly number[];
}

/** Values by label, then by quantile. */
export type QuantileSeries = Map<string, Map<number, (number | null)[]>>;

interface Bucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Quantiles of histograms by label: in a bucket values are thought to be spread evenly. */
export function histogramSeries(
  rows: readonly DistributionRow[],
  quantiles: readonly number[],
  steps: TimeSteps,
  isExponential: boolean,
): QuantileSeries {
  const byLabel = new Map<string, Bucket[][]>();
  const before = new Map<string, DistributionRow>();
  for (const row of rows) {
    const last = before.get(row.stream);
    before.set(row.stream, row);
    const risen = risenBuckets(row, last, steps);
    if (risen === undefined || row.step_index < 0 || row.step_index >= steps.count) continue;
    let all = byLabel.get(row.label);
    if (all === undefined) {
      all = Array.from({ length: steps.count }, () => []);
      byLabel.set(row.label, all);
    }
    all[row.step_index]!.push(...(isExponential ? exponential(row, risen) : explicit(row, risen)));
  }
  return new Map(
    [...byLabel].map(([label, all]) => [
      label,
      new Map(quantiles.map((quantile) => [quantile, all.map((buckets) => quantileOf(buckets, quantile))])),
    ]),
  );
}

/** Of summaries the quantiles that were sent; of several streams their mean. */
export function summarySeries(rows: readonly DistributionRow[], steps: TimeSteps): QuantileSeries {
  const sums = new Map<string, Map<number, { readonly sum: number[]; readonly count: number[] }>>();
  for (const { label, step_index, quantiles, quantile_values } of rows) {
    if (step_index < 0 || step_index >= steps.count) continue;
    const ofLabel = sums.get(label) ?? new Map();
    sums.set(label, ofLabel);
    for (const [at, quantile] of quantiles.entries()) {
      const value = quantile_values[at];
      if (value === undefined || !Number.isFinite(value)) continue;
      const entry = ofLabel.get(quantile) ?? {
        sum: Array(steps.count).fill(0),
        count: Array(steps.count).fill(0),
      };
      ofLabel.set(quantile, entry);
      entry.sum[step_index] += value;
      entry.count[step_index] += 1;
    }
  }
  return new Map(
    [...sums].map(([label, ofLabel]) => [
      label,
      new Map(
        [...ofLabel].map(([quantile, { sum, count }]) => [
          quantile,
          sum.map((total, at) => (count[at] === 0 ? null : total / count[at]!)),
        ]),
      ),
    ]),
  );
}

/** One quantile of each label. */
export function ofQuantile(series: QuantileSeries, quantile: number): LabelledValues {
  return new Map(
    [...series].flatMap(([label, values]) => {
      const found = values.get(quantile);
      return found === undefined ? [] : [[label, found] as const];
    }),
  );
}

interface Risen {
  readonly buckets: readonly number[];
  readonly zeros: number;
}

/** What was counted since the stream was told of last; undefined where that is not known. */
function risenBuckets(
  row: DistributionRow,
  last: DistributionRow | undefined,
  steps: TimeSteps,
): Risen | undefined {
  if (row.is_delta === 1) return { buckets: row.total_buckets, zeros: row.total_zeros };
  const whole = { buckets: row.last_buckets, zeros: row.last_zeros };
  if (last === undefined) return BigInt(row.start_ns) > steps.first - steps.step ? whole : undefined;
  const buckets = row.last_buckets.map((count, at) => count - (last.last_buckets[at] ?? 0));
  const hasBegunAnew = last.start_ns !== row.start_ns || buckets.some((count) => count < 0);
  return hasBegunAnew ? whole : { buckets, zeros: Math.max(0, row.last_zeros - last.last_zeros) };
}

function explicit({ bounds }: DistributionRow, { buckets }: Risen): Bucket[] {
  const first = bounds[0] ?? 0;
  const last = bounds.at(-1) ?? 0;
  return buckets.map((count, at) => ({
    low: at === 0 ? Math.min(0, first) : bounds[at - 1]!,
    // Above the last bound nothing more is known.
    high: bounds[at] ?? last,
    count,
  }));
}

function exponential(row: DistributionRow, { buckets, zeros }: Risen): Bucket[] {
  const { bucket_scale, bucket_offset } = row;
  const bound = (index: number): number => 2 ** (index * 2 ** -bucket_scale);
  return [
    { low: 0, high: 0, count: zeros },
    ...buckets.map((count, at) => ({
      low: bound(bucket_offset + at),
      high: bound(bucket_offset + at + 1),
      count,
    })),
  ];
}

function quantileOf(buckets: readonly Bucket[], quantile: number): number | null {
  const counted = buckets.filter(({ count }) => count > 0).sort((a, b) => a.high - b.high || a.low - b.low);
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  let rank = quantile * total;
  for (const { low, high, count } of counted) {
    if (rank <= count) return low + (high - low) * (rank / count);
    rank -= count;
  }
  return counted.at(-1)?.high ?? null;
}
