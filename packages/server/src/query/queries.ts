import type { TraceFacets } from "@clew/protocol/api/facets";
import type { ResolveAnswer } from "@clew/protocol/api/resolve";
import type { ServerStatus } from "@clew/protocol/api/server-status";
import type { SpanAnswer } from "@clew/protocol/api/span-detail";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { TraceGroupDetail } from "@clew/protocol/api/trace-group";
import type { Transcript } from "@clew/protocol/api/transcript";
import type { LogsData, MetricsData, TracesData } from "@clew/protocol/otlp/model";
import type { Store } from "../store/store.ts";
import { exportLogs } from "./export-logs.ts";
import { exportMetrics } from "./export-metrics.ts";
import type { ExportSelection } from "./export-selection.ts";
import { exportTraces } from "./export-traces.ts";
import { findTraces, type TracePage, type TracePageRequest } from "./find-traces.ts";
import { type LogPage, type LogPageRequest, listLogs } from "./logs/list-logs.ts";
import { type LogHistogramRequest, logHistogram } from "./logs/log-histogram.ts";
import { type TraceMap, type TraceMapRequest, traceMap } from "./map/trace-map.ts";
import { resolveId } from "./resolve-id.ts";
import { spanDetail } from "./span-detail.ts";
import { hasSpans, storeTotals } from "./store-totals.ts";
import {
  type FoundMetricNames,
  type MetricNamesRequest,
  metricNames,
} from "./stored-metrics/metric-names.ts";
import { type StoredMetricRequest, storedMetric } from "./stored-metrics/stored-metric.ts";
import { traceColumns } from "./trace-columns.ts";
import { type TraceFacetsRequest, traceFacets } from "./trace-facets.ts";
import { traceGroup } from "./trace-group.ts";
import { type GroupKind, type GroupPage, type GroupPageRequest, traceGroups } from "./trace-groups.ts";
import { type MetricsRequest, type MetricsResult, metrics } from "./traceql/metrics/metrics.ts";
import { type SearchResult, search } from "./traceql/search.ts";
import type { SearchRequest } from "./traceql/search-traces.ts";
import { type TranscriptRequest, transcript } from "./transcript/transcript.ts";

/** Every question the API can ask, of one store. Each method is documented where its query is. */
export class Queries {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Where the data is and whether it can be asked now. */
  get storeStatus(): ServerStatus["store"] {
    return { state: this.#store.state, location: this.#store.location };
  }

  findTraces(request: TracePageRequest): Promise<TracePage> {
    return findTraces(this.#store, request);
  }

  traceFacets(request: TraceFacetsRequest): Promise<Omit<TraceFacets, "tookMs">> {
    return traceFacets(this.#store, request);
  }

  trace(reference: string, signal?: AbortSignal): Promise<TraceColumns> {
    return traceColumns(this.#store, reference, { ...(signal && { signal }) });
  }

  span(traceReference: string, spanId: string, signal?: AbortSignal): Promise<SpanAnswer> {
    return spanDetail(this.#store, traceReference, spanId, signal);
  }

  resolve(id: string, signal?: AbortSignal): Promise<ResolveAnswer> {
    return resolveId(this.#store, id, signal);
  }

  transcript(traceReference: string, request: TranscriptRequest): Promise<Transcript> {
    return transcript(this.#store, traceReference, request);
  }

  groups(kind: GroupKind, request: GroupPageRequest): Promise<GroupPage> {
    return traceGroups(this.#store, kind, request);
  }

  group(kind: GroupKind, id: string, signal?: AbortSignal): Promise<TraceGroupDetail> {
    return traceGroup(this.#store, kind, id, signal);
  }

  search(request: SearchRequest): Promise<SearchResult> {
    return search(this.#store, request);
  }

  map(request: TraceMapRequest): Promise<TraceMap> {
    return traceMap(this.#store, request);
  }

  logs(request: LogPageRequest): Promise<LogPage> {
    return listLogs(this.#store, request);
  }

  logHistogram(request: LogHistogramRequest): ReturnType<typeof logHistogram> {
    return logHistogram(this.#store, request);
  }

  metricNames(request: MetricNamesRequest): Promise<FoundMetricNames> {
    return metricNames(this.#store, request);
  }

  storedMetric(request: StoredMetricRequest): ReturnType<typeof storedMetric> {
    return storedMetric(this.#store, request);
  }

  metrics(request: MetricsRequest): Promise<MetricsResult> {
    return metrics(this.#store, request);
  }

  exportTraces(selection: ExportSelection): AsyncGenerator<TracesData> {
    return exportTraces(this.#store, selection);
  }

  exportLogs(selection: ExportSelection): AsyncGenerator<LogsData> {
    return exportLogs(this.#store, selection);
  }

  exportMetrics(selection: Omit<ExportSelection, "traces">): AsyncGenerator<MetricsData> {
    return exportMetrics(this.#store, selection);
  }

  totals(signal?: AbortSignal): Promise<ServerStatus["stored"]> {
    return storeTotals(this.#store, signal);
  }

  hasSpans(signal?: AbortSignal): Promise<boolean> {
    return hasSpans(this.#store, signal);
  }
}
