import type { EndpointStats } from "../export/endpoint-queue.ts";
import { HistogramFamily, type Labels, NumberFamily } from "./families.ts";
import type { GatewayMetrics } from "./gateway-metrics.ts";
import type { ModelFacts, RequestFacts, TryFacts } from "./request-facts.ts";

/** Buckets as OpenTelemetry advises. */
const HTTP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const MODEL_SECONDS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
const FIRST_CHUNK_SECONDS = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

const TOKEN_COUNTERS = [
  ["input", "input_tokens", "Tokens of prompts, cached ones included."],
  ["output", "output_tokens", "Tokens of answers, reasoning included."],
  ["cacheRead", "cache_read_input_tokens", "Tokens of prompts that came from the provider's cache."],
  ["cacheWrite", "cache_write_input_tokens", "Tokens of prompts that went into the provider's cache."],
  ["reasoning", "reasoning_output_tokens", "Tokens of answers that were reasoning."],
] as const;

const counter = (name: string, help: string): NumberFamily => new NumberFamily("counter", name, help);

/** Keeps figures in memory, named as OpenTelemetry's GenAI and HTTP conventions name them where they do. */
export class TextMetrics implements GatewayMetrics {
  readonly #active = new NumberFamily(
    "gauge",
    "http_server_active_requests",
    "Requests that have come in and are not over.",
  );
  readonly #requests = counter("clew_gateway_requests_total", "Requests that are over.");
  readonly #served = new HistogramFamily(
    "http_server_request_duration_seconds",
    "From the first byte of a request to the last of its answer.",
    HTTP_SECONDS,
  );
  readonly #tried = new HistogramFamily(
    "http_client_request_duration_seconds",
    "Tries of upstreams, to the end of the answer.",
    HTTP_SECONDS,
  );
  readonly #retries = counter("clew_gateway_retries_total", "Further tries of the same upstream.");
  readonly #fallbacks = counter("clew_gateway_fallbacks_total", "Tries of another upstream.");
  readonly #replayed = counter("clew_gateway_replayed_total", "Requests answered from a recording.");
  readonly #inference = new HistogramFamily(
    "gen_ai_client_inference_duration_seconds",
    "Calls of models, as their caller saw them.",
    MODEL_SECONDS,
  );
  readonly #otherCalls = new HistogramFamily(
    "gen_ai_client_operation_duration_seconds",
    "Calls of models that are no inference.",
    MODEL_SECONDS,
  );
  readonly #firstChunk = new HistogramFamily(
    "gen_ai_client_inference_time_to_first_chunk_seconds",
    "From a request to the first piece of its streamed answer.",
    FIRST_CHUNK_SECONDS,
  );
  readonly #tokens = TOKEN_COUNTERS.map(
    ([key, name, help]) => [key, counter(`gen_ai_client_inference_usage_${name}_total`, help)] as const,
  );
  readonly #cost = counter(
    "clew_gateway_cost_usd_total",
    "What calls of models cost, where prices are known.",
  );
  readonly #exports: () => readonly EndpointStats[];

  constructor(exports: () => readonly EndpointStats[] = () => []) {
    this.#exports = exports;
  }

  requestStarted(listener: string): void {
    this.#active.add({ listener });
  }

  tried({ route, upstream, status, errorType, durationMs, because }: TryFacts): void {
    this.#tried.observe(
      { route, upstream, http_response_status_code: status?.toString(), error_type: errorType },
      durationMs / 1000,
    );
    if (because === "retry") this.#retries.add({ route, upstream });
    if (because === "fallback") this.#fallbacks.add({ route, upstream });
  }

  requestEnded(facts: RequestFacts): void {
    const { listener, route, upstream, model } = facts;
    const status = String(facts.status);
    this.#active.add({ listener }, -1);
    this.#requests.add({ route, upstream, model: model?.answered ?? model?.asked, status });
    this.#served.observe(
      {
        listener,
        route,
        http_request_method: knownMethod(facts.method),
        http_response_status_code: status,
        error_type: facts.errorType,
      },
      facts.durationMs / 1000,
    );
    if (facts.replayed) this.#replayed.add({ route });
    if (model !== undefined) this.#modelCalled(model, facts);
  }

  text(): string {
    const { heapUsed, rss } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const own = [
      counted("gauge", "process_resident_memory_bytes", "Memory of this process.", [[{}, rss]]),
      counted("gauge", "nodejs_heap_size_used_bytes", "Memory of its JavaScript objects.", [[{}, heapUsed]]),
      counted("counter", "process_cpu_seconds_total", "CPU time of this process.", [
        [{}, (user + system) / 1e6],
      ]),
    ];
    return [
      this.#active,
      this.#requests,
      this.#served,
      this.#tried,
      this.#retries,
      this.#fallbacks,
      this.#replayed,
      this.#inference,
      this.#otherCalls,
      this.#firstChunk,
      ...this.#tokens.map(([, family]) => family),
      this.#cost,
      ...this.#exportFamilies(),
      ...own,
    ]
      .map((family) => family.text())
      .join("");
  }

  #modelCalled(model: ModelFacts, { durationMs, errorType }: RequestFacts): void {
    const labels = {
      gen_ai_operation_name: model.operation,
      gen_ai_provider_name: model.provider,
      gen_ai_request_model: model.asked,
      gen_ai_response_model: model.answered,
    };
    const duration = model.operation === "embeddings" ? this.#otherCalls : this.#inference;
    duration.observe({ ...labels, error_type: errorType }, durationMs / 1000);
    if (model.firstChunkMs !== undefined) this.#firstChunk.observe(labels, model.firstChunkMs / 1000);
    for (const [key, family] of this.#tokens) {
      const count = model.tokens?.[key];
      if (count !== undefined) family.add(labels, count);
    }
    if (model.costUsd !== undefined) this.#cost.add(labels, model.costUsd);
  }

  #exportFamilies(): readonly NumberFamily[] {
    const endpoints = this.#exports();
    return [
      counted(
        "counter",
        "clew_gateway_spans_exported_total",
        "Spans that an endpoint has taken.",
        endpoints.map(({ endpoint, exported }) => [{ endpoint }, exported]),
      ),
      counted(
        "counter",
        "clew_gateway_spans_dropped_total",
        "Spans that will never arrive.",
        endpoints.flatMap(({ endpoint, dropped }) =>
          Object.entries(dropped).map(([reason, count]): [Labels, number] => [{ endpoint, reason }, count]),
        ),
      ),
      counted(
        "gauge",
        "clew_gateway_spans_waiting",
        "Spans that wait for an endpoint.",
        endpoints.map(({ endpoint, waiting }) => [{ endpoint }, waiting]),
      ),
    ];
  }
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]);

function knownMethod(method: string): string {
  return METHODS.has(method) ? method : "_OTHER";
}

/** A family of figures that are kept elsewhere. */
function counted(
  type: "counter" | "gauge",
  name: string,
  help: string,
  series: readonly (readonly [Labels, number])[],
): NumberFamily {
  const family = new NumberFamily(type, name, help);
  for (const [labels, value] of series) family.add(labels, value);
  return family;
}
