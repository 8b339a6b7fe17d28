import { OPERATION_LABELS, USAGE_LABELS, type Usage } from "../../query/prometheus/agent-series.ts";
import type { Histogram } from "../../query/prometheus/histogram.ts";
import { REQUEST_LABELS } from "../../query/prometheus/request-series.ts";
import type { Series } from "../../query/prometheus/series-table.ts";
import { SPAN_LABELS } from "../../query/prometheus/span-series.ts";
import type { TraceMetrics } from "../../query/prometheus/trace-metrics.ts";
import type { Family } from "./family.ts";

/** Whose names span metrics have. */
export type SpanMetricNames = "otel" | "tempo";

const SECOND_NS = 1_000_000_000;

interface SpanNames {
  readonly calls: string;
  readonly duration: string;
  readonly unitNs: number;
  readonly labels: readonly string[];
}

const SPAN_NAMES: Readonly<Record<SpanMetricNames, SpanNames>> = {
  otel: {
    calls: "traces_span_metrics_calls",
    duration: "traces_span_metrics_duration_milliseconds",
    unitNs: SECOND_NS / 1000,
    labels: SPAN_LABELS.map((label) => (label === "service" ? "service_name" : label)),
  },
  tempo: {
    calls: "traces_spanmetrics_calls",
    duration: "traces_spanmetrics_latency",
    unitNs: SECOND_NS,
    labels: SPAN_LABELS,
  },
};

/** What the spans add up to. */
export function traceFamilies(metrics: TraceMetrics, names: SpanMetricNames): Family[] {
  return [
    ...spanFamilies(metrics, SPAN_NAMES[names]),
    ...requestFamilies(metrics),
    ...agentFamilies(metrics),
  ];
}

function spanFamilies({ spans }: TraceMetrics, { calls, duration, unitNs, labels }: SpanNames): Family[] {
  return [
    {
      kind: "counter",
      name: calls,
      help: "Spans that ended.",
      labels,
      series: each(spans.table, ({ count }) => count),
    },
    {
      kind: "histogram",
      name: duration,
      help: "How long spans took.",
      labels,
      unitNs,
      series: each(spans.table, (histogram) => histogram),
    },
  ];
}

function requestFamilies({ requests: { table } }: TraceMetrics): Family[] {
  const labels = REQUEST_LABELS;
  const name = "traces_service_graph_request";
  const unitNs = SECOND_NS;
  return [
    {
      kind: "counter",
      name,
      help: "Requests from a client to a server.",
      labels,
      series: each(table, ({ client }) => client.count),
    },
    {
      kind: "counter",
      name: `${name}_failed`,
      help: "Requests of which either side failed.",
      labels,
      series: each(table, ({ failed }) => failed),
    },
    {
      kind: "histogram",
      name: `${name}_server_seconds`,
      help: "How long requests took as the server saw them.",
      labels,
      unitNs,
      series: each(table, ({ server }) => server),
    },
    {
      kind: "histogram",
      name: `${name}_client_seconds`,
      help: "How long requests took as the client saw them.",
      labels,
      unitNs,
      series: each(table, ({ client }) => client),
    },
  ];
}

function agentFamilies({ agents: { operations, usage } }: TraceMetrics): Family[] {
  return [
    {
      kind: "histogram",
      name: "clew_operation_duration_seconds",
      help: "How long agents, their models and their tools took.",
      labels: OPERATION_LABELS,
      unitNs: SECOND_NS,
      series: each<Histogram, Histogram>(operations, (histogram) => histogram),
    },
    {
      kind: "counter",
      name: "clew_tokens",
      help: "Tokens that models took and gave.",
      labels: [...USAGE_LABELS, "type"],
      series: eachOf(usage, { input: "input", output: "output" }),
    },
    {
      kind: "counter",
      name: "clew_token_parts",
      help: "Tokens of clew_tokens_total that were read from or written to a cache, or were reasoning.",
      labels: [...USAGE_LABELS, "part"],
      series: eachOf(usage, { cache_read: "cacheRead", cache_write: "cacheWrite", reasoning: "reasoning" }),
    },
    {
      kind: "counter",
      name: "clew_cost_usd",
      help: "What models cost, in US dollars.",
      labels: USAGE_LABELS,
      series: each(usage, ({ costUsd }) => costUsd),
    },
  ];
}

function* each<Value, Figure>(
  table: Iterable<Series<Value>>,
  figure: (value: Value) => Figure,
): Generator<readonly [readonly string[], Figure]> {
  for (const { labels, value } of table) yield [labels, figure(value)];
}

/** One series for each of these amounts, with its name as the last label. */
function* eachOf(
  table: Iterable<Series<Usage>>,
  amounts: Readonly<Record<string, keyof Usage>>,
): Generator<readonly [readonly string[], number]> {
  for (const { labels, value } of table)
    for (const [name, key] of Object.entries(amounts)) yield [[...labels, name], value[key]];
}
