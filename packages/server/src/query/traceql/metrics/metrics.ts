import type { MetricsAnswer, MetricsSeries } from "@clew/protocol/api/metrics";
import type { KeyValue } from "@clew/protocol/otlp/model";
import type { Hint, MetricsExpression } from "@clew/protocol/traceql/ast";
import { inOrder, type Label, type Series } from "@clew/protocol/traceql/series";
import { applyStage, calculate } from "@clew/protocol/traceql/series-stages";
import type { TimeSteps } from "@clew/protocol/traceql/time-steps";
import type { Store } from "../../../store/store.ts";
import { SearchBudget } from "../search-budget.ts";
import { shownValue } from "../shown-value.ts";
import { Exemplars } from "./exemplars.ts";
import type { MetricsContext, PartialSeries, PipelineSeries } from "./metrics-context.ts";
import { type MetricsTime, stepsOf } from "./metrics-steps.ts";
import { pipelineSeries } from "./pipeline-series.ts";
import { readMetrics } from "./read-metrics.ts";

export interface MetricsRequest extends MetricsTime {
  /** TraceQL that asks for series. */
  readonly query: string;
  /** Examples of spans for each series; the query's own hint `exemplars` counts before this. Default 0. */
  readonly exemplars?: number;
  /** In times of up to so many spans, what was stored twice counts once. Default a million. */
  readonly onceUpTo?: number;
  /** Default 10 seconds. */
  readonly timeoutMs?: number;
  /** That one statement may read. Default 32 GiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export type MetricsResult = Omit<MetricsAnswer, "tookMs">;

const DEFAULT_ONCE_UP_TO = 1_000_000;
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 32 * 1024 ** 3;
/** Of one answer, and how many points all of them have together. */
const MOST_SHOWN = 1000;
const MOST_VALUES = 1_000_000;
const MOST_EXEMPLARS = 100;
/** For each series, when only `true` was asked for. */
const SOME_EXEMPLARS = 10;

/**
 * The series of a metrics query. Throws `InvalidQuery`, and `QueryTooLarge` when it makes more series than can be held;
 * when time or bytes do not suffice the answer is partial.
 */
export async function metrics(store: Store, request: MetricsRequest): Promise<MetricsResult> {
  const query = readMetrics(request.query);
  const steps = stepsOf(request);
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES, signal } = request;
  const context: MetricsContext = {
    store,
    steps,
    budget: new SearchBudget({ timeoutMs, maxBytes, signal }),
    exemplars: new Exemplars(hinted(query.hints) ?? request.exemplars ?? 0),
    onceUpTo: request.onceUpTo ?? DEFAULT_ONCE_UP_TO,
    signal,
  };
  const { series, partial } = await evaluate(query.expression, context);
  const all = inOrder(partial === undefined ? series : series.map((one) => lookedAt(one, partial, steps)));
  const most = Math.max(1, Math.min(MOST_SHOWN, Math.floor(MOST_VALUES / steps.count)));
  return {
    timesMs: Array.from({ length: steps.count }, (_, at) => msOf(steps.first + BigInt(at) * steps.step)),
    series: all.slice(0, most).map((one) => shownSeries(one, context.exemplars)),
    ...(partial && { partial: { reason: partial.reason } }),
    ...(all.length > most && { truncated: { total: all.length, shown: most } }),
  };
}

async function evaluate(expression: MetricsExpression, context: MetricsContext): Promise<PipelineSeries> {
  const { count } = context.steps;
  switch (expression.kind) {
    case "metricsConstant":
      return { series: [{ labels: [], values: Array.from({ length: count }, () => expression.value) }] };
    case "metricsPipeline":
      return await pipelineSeries(context, expression);
    case "metricsStages": {
      const { series, ...partial } = await evaluate(expression.input, context);
      const left = expression.stages.reduce((some, stage) => applyStage(stage, some, count), series);
      return { series: left, ...partial };
    }
    case "metricsMath": {
      // One after the other: both have the same budget.
      const left = await evaluate(expression.left, context);
      const right = await evaluate(expression.right, context);
      const partial = lesser(left.partial, right.partial);
      return { series: calculate(expression, left.series, right.series), ...(partial && { partial }) };
    }
  }
}

/** What is missing where either misses something. */
function lesser(a: PartialSeries | undefined, b: PartialSeries | undefined): PartialSeries | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.doneNs === undefined) return a;
  return b.doneNs === undefined || b.doneNs > a.doneNs ? b : a;
}

/** Without the points of which not all spans were looked at; of one point alone what there is. */
function lookedAt(series: Series, { doneNs }: PartialSeries, { first, step, count }: TimeSteps): Series {
  if (doneNs !== undefined && count === 1) return series;
  const isDone = (point: number) => doneNs !== undefined && first + BigInt(point - 1) * step >= doneNs;
  return { ...series, values: series.values.map((value, point) => (isDone(point) ? value : Number.NaN)) };
}

/** `exemplars=true`, `false` or how many for each series. */
function hinted(hints: readonly Hint[]): number | undefined {
  const value = hints.findLast(({ name }) => name === "exemplars")?.value;
  if (value?.type === "boolean") return value.value ? SOME_EXEMPLARS : 0;
  if (value?.type !== "int") return undefined;
  return Math.min(Math.max(Number(value.value), 0), MOST_EXEMPLARS);
}

function shownSeries({ labels, values }: Series, exemplars: Exemplars): MetricsSeries {
  return {
    labels: labels.map(shownLabel),
    values: values.map((value) => (Number.isFinite(value) ? value : null)),
    exemplars: exemplars.of(labels).map(({ traceId, spanId, startNs, value }) => ({
      traceId,
      spanId,
      timeMs: msOf(startNs),
      value: value !== undefined && Number.isFinite(value) ? value : null,
    })),
  };
}

function shownLabel({ name, value }: Label): KeyValue {
  const shown = shownValue(value);
  return { key: name, ...(shown && { value: shown }) };
}

function msOf(nanos: bigint): number {
  return Number(nanos) / 1e6;
}
