import type { MetricsData } from "@clew/protocol/otlp/model";
import type { Store } from "../store/store.ts";
import { EXPORT_TIMEOUT_MS, type ExportSelection, inPieces } from "./export-selection.ts";
import { groupByOrigin } from "./group-origins.ts";
import { Origins } from "./origins.ts";
import { SCAN } from "./query-settings.ts";
import { WITH_DENORMALS } from "./restore-fields.ts";
import { metricIdentity, restoreMetric, type WholeMetricRow } from "./restore-metric.ts";
import { andAll, fragment, Parameters, statement } from "./sql.ts";

const POINTS_AT_ONCE = 1000;

/** Metrics as they were sent, in pieces of at most 1,000 data points. */
export async function* exportMetrics(
  store: Store,
  selection: Omit<ExportSelection, "traces">,
): AsyncGenerator<MetricsData> {
  const { fromNs, toNs, signal } = selection;
  const parameters = new Parameters();
  const moment = (nanos: bigint) =>
    fragment`fromUnixTimestamp64Nano(${parameters.bind("Int64", nanos)}, 'UTC')`;
  const conditions = [];
  if (fromNs !== undefined) conditions.push(fragment`metric_points.time >= ${moment(fromNs)}`);
  if (toNs !== undefined) conditions.push(fragment`metric_points.time < ${moment(toNs)}`);
  const batches = store.stream<WholeMetricRow>(
    statement("whole-metric-points", { rows: andAll(conditions) }),
    {
      parameters: parameters.values,
      settings: { ...SCAN, ...WITH_DENORMALS },
      timeoutMs: EXPORT_TIMEOUT_MS,
      ...(signal && { signal }),
    },
  );
  const origins = new Origins(store, signal);
  for await (const rows of inPieces(batches, POINTS_AT_ONCE)) {
    await origins.load(rows);
    yield {
      resourceMetrics: groupByOrigin(rows, origins).map(({ origin, scopes }) => ({
        ...origin,
        scopeMetrics: scopes.map((scope) => ({
          ...scope.origin,
          metrics: [...Map.groupBy(scope.rows, metricIdentity).values()].map(restoreMetric),
        })),
      })),
    };
  }
}
