import type { Signal } from "../signal.ts";
import { errorOf, foreignAnswer, ServerUnreachable } from "./api-error.ts";
import type { DemoStatus } from "./demo.ts";
import type { TraceFacets } from "./facets.ts";
import type { IngestCounters, IngestEvent } from "./ingest-event.ts";
import type { TraceUpdate } from "./live.ts";
import type { LogHistogram } from "./log-histogram.ts";
import type { LogList } from "./logs.ts";
import type { MapAnswer } from "./map.ts";
import type { MetricsAnswer } from "./metrics.ts";
import type {
  ExportRequest,
  LogHistogramRequest,
  LogListRequest,
  MapRequest,
  MetricNamesRequest,
  MetricsRequest,
  SearchRequest,
  StoredMetricRequest,
  TraceFilter,
  TraceGroupListRequest,
  TraceListRequest,
  TranscriptPageRequest,
} from "./requests.ts";
import { queryString } from "./requests.ts";
import type { ResolveAnswer } from "./resolve.ts";
import { pathOf, ROUTES } from "./routes.ts";
import type { SearchAnswer } from "./search.ts";
import type { ServerSettings } from "./server-settings.ts";
import type { ServerStatus, Setup } from "./server-status.ts";
import type { SpanAnswer } from "./span-detail.ts";
import { readServerSentEvents } from "./sse.ts";
import type { StoredMetric, StoredMetricNames } from "./stored-metrics.ts";
import type { TraceColumns } from "./trace-columns.ts";
import type { TraceGroupDetail, TraceGroupList } from "./trace-group.ts";
import type { TraceList } from "./trace-item.ts";
import type { Transcript } from "./transcript.ts";

export interface ClientOptions {
  /** Where the server is, e.g. `http://127.0.0.1:4319`; a path is kept as prefix. */
  readonly baseUrl: string | URL;
  readonly token?: string | undefined;
  /** Used for every request; default the global one. */
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A value of a field, as text. */
export interface FieldValue {
  readonly type: "string" | "int" | "float" | "bool" | "keyword";
  readonly value: string;
}

const EXPORT_PATHS = {
  traces: ROUTES.exportTraces,
  logs: ROUTES.exportLogs,
  metrics: ROUTES.exportMetrics,
} as const;

/** What the server offers Grafana to complete queries with. */
const TAGS = "/tempo/api/v2/search/tags";
const tagValues = (tag: string): string =>
  `/tempo/api/v2/search/tag/${encodeURIComponent(tag)}/values?limit=500`;

/**
 * The HTTP API, typed; the same in Node and in a browser. Every call rejects with `ApiError` for what the
 * server answered, with `ServerUnreachable` when nothing answered, and with the signal's reason when aborted.
 */
export class ApiClient {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: typeof fetch;

  constructor(options: ClientOptions) {
    this.#base = String(options.baseUrl).replace(/\/+$/, "");
    this.#headers = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
    this.#fetch = options.fetch ?? ((...call) => fetch(...call));
  }

  setup(options?: CallOptions): Promise<Setup> {
    return this.#json(ROUTES.setup, options);
  }

  status(options?: CallOptions): Promise<ServerStatus> {
    return this.#json(ROUTES.status, options);
  }

  /** Sums of what was received; cheaper than `status`, and told while the store is away. */
  ingestCounters(options?: CallOptions): Promise<IngestCounters> {
    return this.#json(ROUTES.ingestCounters, options);
  }

  settings(options?: CallOptions): Promise<ServerSettings> {
    return this.#json(ROUTES.settings, options);
  }

  /** What is stored under an id, whatever it is the id of. */
  resolve(id: string, options?: CallOptions): Promise<ResolveAnswer> {
    return this.#json(`${ROUTES.resolve}?${new URLSearchParams({ id })}`, options);
  }

  demo(options?: CallOptions): Promise<DemoStatus> {
    return this.#json(ROUTES.demo, options);
  }

  /** Starts the demonstration, unless it is running. */
  startDemo(options?: CallOptions): Promise<DemoStatus> {
    return this.#json(ROUTES.demo, options, "POST");
  }

  /** True when the server is alive and takes requests. Never rejects but by abortion. */
  async ready(options: CallOptions = {}): Promise<boolean> {
    try {
      await this.#request(ROUTES.readyz, options);
      return true;
    } catch (error) {
      if (options.signal?.aborted) throw error;
      return false;
    }
  }

  traces(request: TraceListRequest = {}, options?: CallOptions): Promise<TraceList> {
    return this.#json(ROUTES.traces + queryString(request), options);
  }

  /** What the newest traces of a list have in common, and how often. */
  traceFacets(filter: TraceFilter = {}, options?: CallOptions): Promise<TraceFacets> {
    return this.#json(ROUTES.traceFacets + queryString(filter), options);
  }

  /** `trace` is an id, a prefix of at least 4 characters, or `last`. */
  trace(trace: string, options?: CallOptions): Promise<TraceColumns> {
    return this.#json(pathOf("trace", { trace }), options);
  }

  span(trace: string, span: string, options?: CallOptions): Promise<SpanAnswer> {
    return this.#json(pathOf("span", { trace, span }), options);
  }

  /** What was said in a trace, a page at a time. */
  transcript(trace: string, request: TranscriptPageRequest = {}, options?: CallOptions): Promise<Transcript> {
    return this.#json(pathOf("transcript", { trace }) + queryString(request), options);
  }

  sessions(request: TraceGroupListRequest = {}, options?: CallOptions): Promise<TraceGroupList> {
    return this.#json(ROUTES.sessions + queryString(request), options);
  }

  session(session: string, options?: CallOptions): Promise<TraceGroupDetail> {
    return this.#json(pathOf("session", { session }), options);
  }

  tasks(request: TraceGroupListRequest = {}, options?: CallOptions): Promise<TraceGroupList> {
    return this.#json(ROUTES.tasks + queryString(request), options);
  }

  task(task: string, options?: CallOptions): Promise<TraceGroupDetail> {
    return this.#json(pathOf("task", { task }), options);
  }

  /** Traces by a TraceQL query. */
  search(request: SearchRequest, options?: CallOptions): Promise<SearchAnswer> {
    return this.#json(ROUTES.search + queryString(request), options);
  }

  /** Series by a TraceQL query. */
  metrics(request: MetricsRequest, options?: CallOptions): Promise<MetricsAnswer> {
    return this.#json(ROUTES.metricsQuery + queryString(request), options);
  }

  /** Metrics that programs sent. */
  metricNames(request: MetricNamesRequest = {}, options?: CallOptions): Promise<StoredMetricNames> {
    return this.#json(ROUTES.metricNames + queryString(request), options);
  }

  /** One of them over time. */
  storedMetric(request: StoredMetricRequest, options?: CallOptions): Promise<StoredMetric> {
    return this.#json(ROUTES.storedMetric + queryString(request), options);
  }

  /** Names of the attributes that are stored, by the scope they have in TraceQL. */
  async attributeNames(options?: CallOptions): Promise<ReadonlyMap<string, readonly string[]>> {
    const { scopes } = await this.#json<{
      readonly scopes: readonly { readonly name: string; readonly tags: readonly string[] }[];
    }>(TAGS, options);
    return new Map(scopes.map(({ name, tags }) => [name, tags]));
  }

  /**
   * Values that a field has, as text, at most 500 of them; `field` is one as TraceQL writes it. Numbers of every span,
   * ids and long texts have none.
   */
  async fieldValues(field: string, options?: CallOptions): Promise<readonly FieldValue[]> {
    const answer = await this.#json<{ readonly tagValues: readonly FieldValue[] }>(tagValues(field), options);
    return answer.tagValues;
  }

  /** Log records, newest first. */
  logs(request: LogListRequest = {}, options?: CallOptions): Promise<LogList> {
    return this.#json(ROUTES.logs + queryString(request), options);
  }

  /** How many log records there are over time. */
  logHistogram(request: LogHistogramRequest = {}, options?: CallOptions): Promise<LogHistogram> {
    return this.#json(ROUTES.logHistogram + queryString(request), options);
  }

  /** Who called whom. */
  map(request: MapRequest = {}, options?: CallOptions): Promise<MapAnswer> {
    return this.#json(ROUTES.map + queryString(request), options);
  }

  /** The exported bytes as they are made. */
  async export(
    signal: Signal,
    request: ExportRequest = {},
    options: CallOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#request(EXPORT_PATHS[signal] + queryString(request), options);
    const body = response.body ?? new ReadableStream({ start: (controller) => controller.close() });
    responses.set(body, response);
    return body;
  }

  /** Traces as they change, from now on or since the update `after`; ends when the server goes away. */
  traceUpdates(
    filter: TraceFilter = {},
    { after, ...options }: CallOptions & { readonly after?: string | undefined } = {},
  ): AsyncGenerator<TraceUpdate, void, undefined> {
    const headers = after === undefined ? {} : { "last-event-id": after };
    return this.#messages<TraceUpdate>(ROUTES.traceStream + queryString(filter), "traces", options, headers);
  }

  /** The newest ingest events, then each as it happens; ends when the server goes away. */
  ingestEvents(options: CallOptions = {}): AsyncGenerator<IngestEvent, void, undefined> {
    return this.#messages<IngestEvent>(ROUTES.ingestEvents, "ingest", options);
  }

  async #json<Answer>(path: string, options: CallOptions = {}, method?: "POST"): Promise<Answer> {
    const response = await this.#request(path, options, {}, method);
    const text = await response.text();
    const json = parseJson(text);
    if (json === undefined) throw foreignAnswer(response, text);
    return json as Answer;
  }

  async *#messages<Message>(
    path: string,
    event: string,
    options: CallOptions,
    headers: Record<string, string> = {},
  ): AsyncGenerator<Message, void, undefined> {
    const response = await this.#request(path, options, { ...headers, accept: "text/event-stream" });
    if (response.body === null) return;
    for await (const message of readServerSentEvents(response.body)) {
      if (message.event === event) yield JSON.parse(message.data) as Message;
    }
  }

  async #request(
    path: string,
    options: CallOptions,
    headers: Record<string, string> = {},
    method: "GET" | "POST" = "GET",
  ): Promise<Response> {
    const response = await this.#fetch(this.#base + path, {
      method,
      headers: { ...this.#headers, ...headers },
      signal: options.signal ?? null,
    }).catch((error: unknown) => {
      if (options.signal?.aborted) throw error;
      throw new ServerUnreachable(this.#base, error);
    });
    if (!response.ok) throw await errorOf(response);
    return response;
  }
}

/** Node ends a body that nobody reads yet as soon as its response is collected; so it lives as long as the body. */
const responses = new WeakMap<ReadableStream, Response>();

/** Undefined for what is no JSON; no JSON text means undefined. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
