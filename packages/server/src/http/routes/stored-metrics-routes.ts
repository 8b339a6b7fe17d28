import { ROUTES } from "@clew/protocol/api/routes";
import type { StoredMetric, StoredMetricNames } from "@clew/protocol/api/stored-metrics";
import type { Hono } from "hono";
import type { MetricLabel } from "../../query/stored-metrics/stored-metric.ts";
import { answerJson } from "../answer-json.ts";
import type { ApiEnv, ApiOptions } from "../api-options.ts";
import { InvalidParameter } from "../http-errors.ts";
import { choice, longText, moment, readParameters, text } from "../parameters.ts";
import { type RequestSignals, whileWanted } from "../request-signal.ts";

const NAMES = { text: text(), from: moment(), to: moment() };
const STORED = {
  name: text(),
  kind: choice("gauge", "sum", "histogram", "exponential_histogram", "summary"),
  unit: longText(),
  by: text(),
  from: moment(),
  to: moment(),
};
const HOUR_NS = 3_600_000_000_000n;
const ATTRIBUTE = "attr.";

/** Metrics that programs sent over OTLP. */
export function storedMetricsRoutes(
  app: Hono<ApiEnv>,
  { queries }: ApiOptions,
  signals: RequestSignals,
): void {
  app.get(ROUTES.metricNames, async (context) => {
    const startedMs = performance.now();
    const given = readParameters(NAMES, new URL(context.req.url).searchParams);
    const request = { ...timeOf(given), ...(given.text !== undefined && { text: given.text }) };
    const { items, isCut, partial } = await whileWanted(context, signals, (signal) =>
      queries.metricNames({ ...request, signal }),
    );
    return answerJson(context, {
      items,
      ...(isCut && { isCut }),
      ...(partial && { partial: { reason: partial } }),
      tookMs: Math.round(performance.now() - startedMs),
    } satisfies StoredMetricNames);
  });
  app.get(ROUTES.storedMetric, async (context) => {
    const startedMs = performance.now();
    const given = readParameters(STORED, new URL(context.req.url).searchParams);
    const { name, kind, unit, by } = given;
    if (name === undefined) throw new InvalidParameter("name", "is missing; it must be the name of a metric");
    const found = await whileWanted(context, signals, (signal) =>
      queries.storedMetric({
        name,
        ...timeOf(given),
        ...(kind !== undefined && { kind }),
        ...(unit !== undefined && { unit }),
        ...(by !== undefined && { by: labelOf(by) }),
        signal,
      }),
    );
    return answerJson(context, {
      ...found,
      tookMs: Math.round(performance.now() - startedMs),
    } satisfies StoredMetric);
  });
}

function timeOf(given: { readonly from?: bigint | undefined; readonly to?: bigint | undefined }) {
  const toNs = given.to ?? BigInt(Date.now()) * 1_000_000n;
  const fromNs = given.from ?? (toNs > HOUR_NS ? toNs - HOUR_NS : 0n);
  if (fromNs >= toNs) throw new InvalidParameter("from", "is not before to");
  return { fromNs, toNs };
}

function labelOf(by: string): MetricLabel {
  if (by === "service") return { of: "service" };
  if (by.startsWith(ATTRIBUTE) && by.length > ATTRIBUTE.length) {
    return { of: "attribute", name: by.slice(ATTRIBUTE.length) };
  }
  const shown = JSON.stringify(by.slice(0, 100));
  throw new InvalidParameter("by", `is ${shown}, which is not allowed; it must be service or attr.NAME`);
}
