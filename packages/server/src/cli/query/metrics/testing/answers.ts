import type { MetricsExemplar, MetricsSeries } from "@clew/protocol/api/metrics";
import type { AnyValue } from "@clew/protocol/otlp/model";
import type { MetricsQuery } from "@clew/protocol/traceql/ast";
import { parse } from "@clew/protocol/traceql/parse";

/** Local, as pictures show it. */
export const LAST_MS = new Date(2026, 10, 21, 12, 0).getTime();

/** So many points up to noon. */
export function times(count: number, stepMs = 60_000): number[] {
  return Array.from({ length: count }, (_, at) => LAST_MS - (count - 1 - at) * stepMs);
}

/** Labels with a text or number each, or with none. */
export function series(
  labels: Readonly<Record<string, string | number | undefined>>,
  values: readonly (number | null)[],
  exemplars: readonly MetricsExemplar[] = [],
): MetricsSeries {
  return {
    labels: Object.entries(labels).map(([key, value]) =>
      value === undefined ? { key } : { key, value: anyValue(value) },
    ),
    values,
    exemplars,
  };
}

export function metricsQuery(text: string): MetricsQuery {
  const query = parse(text);
  if (query.kind !== "metrics") throw new TypeError(`${text} asks for no series`);
  return query;
}

function anyValue(value: string | number): AnyValue {
  return typeof value === "string" ? { stringValue: value } : { doubleValue: value };
}
