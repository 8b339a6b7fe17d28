import type { MetricsSeries } from "@clew/protocol/api/metrics";
import type { MetricKind, StoredMetric, StoredMetricName } from "@clew/protocol/api/stored-metrics";
import type { KeyValue } from "@clew/protocol/otlp/model";
import type { TimeSteps } from "@clew/protocol/traceql/time-steps";
import type { Store } from "../../store/store.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "../sql.ts";
import { stepsOf } from "../traceql/metrics/metrics-steps.ts";
import { BudgetSpent, SearchBudget } from "../traceql/search-budget.ts";
import {
  type DistributionRow,
  histogramSeries,
  ofQuantile,
  type QuantileSeries,
  summarySeries,
} from "./distribution-series.ts";
import { namesOf } from "./metric-names.ts";
import { type MetricTime, pointsIn } from "./metric-rows.ts";
import { type LabelledValues, type NumberRow, numberSeries } from "./number-series.ts";

/** What tells the lines of a metric apart; undefined for one line of all. */
export type MetricLabel = { readonly of: "service" } | { readonly of: "attribute"; readonly name: string };

export interface StoredMetricRequest extends MetricTime {
  readonly name: string;
  /** Which of several metrics of the name; the one with most points where it is not told. */
  readonly kind?: MetricKind;
  readonly unit?: string;
  readonly by?: MetricLabel;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 8 * 1024 ** 3;
/** Of a stream of points in a step of time. */
const MOST_ROWS = 200_000;
const MOST_SERIES = 100;
const MOST_NAMES = 100;
/** Points that are looked at for names of attributes. */
const NAMES_ROWS = 20_000;
const QUANTILES = [0.5, 0.95, 0.99];
/** Where lines are of labels, one quantile is told. */
const LABELLED_QUANTILE = 0.95;

/** What was sent of a metric over time; without values when time or bytes do not suffice. */
export async function storedMetric(
  store: Store,
  request: StoredMetricRequest,
): Promise<Omit<StoredMetric, "tookMs">> {
  const { fromNs, toNs, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES, signal } = request;
  const steps = stepsOf({ fromNs, toNs });
  const timesMs = Array.from({ length: steps.count }, (_, at) =>
    Number((steps.first + BigInt(at) * steps.step) / 1_000_000n),
  );
  const budget = new SearchBudget({ timeoutMs, maxBytes, signal });
  const none = { timesMs, series: [], shows: "value", attributeNames: [] } as const;
  let metric: StoredMetricName | undefined;
  try {
    metric = await chooseMetric(store, budget, request);
    if (metric === undefined) return none;
    const [attributeNames, found] = await Promise.all([
      attributeNamesOf(store, budget, metric, request),
      seriesOf(store, budget, metric, steps, request.by),
    ]);
    return { timesMs, metric, attributeNames, ...found };
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    return { ...none, ...(metric && { metric }), partial: { reason: error.reason } };
  }
}

async function chooseMetric(store: Store, budget: SearchBudget, request: StoredMetricRequest) {
  const parameters = new Parameters();
  const rows = [
    fragment`name = ${parameters.bind("String", request.name)}`,
    ...pointsIn(request, parameters),
  ];
  const found = await namesOf(store, budget, rows, parameters);
  return found
    .filter(({ kind, unit }) => (request.kind ?? kind) === kind && (request.unit ?? unit) === unit)
    .toSorted((a, b) => b.pointCount - a.pointCount)[0];
}

async function attributeNamesOf(
  store: Store,
  budget: SearchBudget,
  metric: StoredMetricName,
  time: MetricTime,
): Promise<readonly string[]> {
  const parameters = new Parameters();
  const rows = [...isMetric(metric, parameters), ...pointsIn(time, parameters)];
  const sql = statement("metric-attribute-names", { rows: andAll(rows) });
  const [found] = await budget.run(
    (options) => store.query<{ attribute_names: readonly string[] }>(sql, options),
    { ...parameters.values, rows_read: NAMES_ROWS, most: MOST_NAMES },
  );
  return found?.attribute_names ?? [];
}

function isMetric({ name, kind, unit }: StoredMetricName, parameters: Parameters): SqlFragment[] {
  return [
    fragment`name = ${parameters.bind("String", name)}`,
    fragment`toString(kind) = ${parameters.bind("String", kind)}`,
    fragment`unit = ${parameters.bind("String", unit)}`,
  ];
}

type FoundSeries = Pick<StoredMetric, "series" | "shows" | "truncated">;

async function seriesOf(
  store: Store,
  budget: SearchBudget,
  metric: StoredMetricName,
  steps: TimeSteps,
  by: MetricLabel | undefined,
): Promise<FoundSeries> {
  const { kind } = metric;
  const parameters = new Parameters();
  const last = steps.first + BigInt(steps.count - 1) * steps.step;
  // A point stands for what is not after itself; and from the step before the first one sums are told to rise.
  const time = { fromNs: steps.first - 2n * steps.step + 1n, toNs: last + 1n };
  const rows = andAll([...isMetric(metric, parameters), ...pointsIn(time, parameters)]);
  const label = labelOf(by, parameters);
  const read = <Row>(sql: string): Promise<Row[]> =>
    budget.run((options) => store.query<Row>(sql, options), {
      ...parameters.values,
      first: steps.first,
      step: steps.step,
      most: MOST_ROWS,
    });
  if (kind === "gauge" || kind === "sum") {
    const { shows, series } = numberSeries(
      await read<NumberRow>(statement("metric-numbers", { rows, label })),
      kind,
      steps,
    );
    return { shows, ...told(labelled(series, by)) };
  }
  const found = await read<DistributionRow>(statement("metric-distributions", { rows, label }));
  const series =
    kind === "summary"
      ? summarySeries(found, steps)
      : histogramSeries(found, QUANTILES, steps, kind === "exponential_histogram");
  return { shows: "quantile", ...told(quantilesOf(series, by)) };
}

function labelOf(by: MetricLabel | undefined, parameters: Parameters): SqlFragment {
  if (by === undefined) return fragment`''`;
  if (by.of === "service") return fragment`service_name`;
  return fragment`attributes[${parameters.bind("String", by.name)}]`;
}

function quantilesOf(series: QuantileSeries, by: MetricLabel | undefined): MetricsSeries[] {
  if (by !== undefined) {
    const quantiles = [...new Set([...series.values()].flatMap((values) => [...values.keys()]))].sort(
      (a, b) => a - b,
    );
    const one = quantiles.find((quantile) => quantile >= LABELLED_QUANTILE) ?? quantiles.at(-1);
    if (one === undefined) return [];
    const p = { key: "p", value: { doubleValue: one } };
    return labelled(ofQuantile(series, one), by).map((line) => ({ ...line, labels: [...line.labels, p] }));
  }
  return [...(series.get("") ?? [])].map(([quantile, values]) => ({
    labels: [{ key: "p", value: { doubleValue: quantile } }],
    values,
    exemplars: [],
  }));
}

function labelled(series: LabelledValues, by: MetricLabel | undefined): MetricsSeries[] {
  return [...series]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, values]) => ({ labels: labelsOf(label, by), values, exemplars: [] }));
}

function labelsOf(label: string, by: MetricLabel | undefined): KeyValue[] {
  if (by === undefined) return [];
  const key = by.of === "service" ? "service" : by.name;
  return [label === "" ? { key } : { key, value: { stringValue: label } }];
}

function told(series: readonly MetricsSeries[]): Pick<StoredMetric, "series" | "truncated"> {
  if (series.length <= MOST_SERIES) return { series };
  return { series: series.slice(0, MOST_SERIES), truncated: { total: series.length, shown: MOST_SERIES } };
}
