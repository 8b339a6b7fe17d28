import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelFacts, RequestFacts } from "./request-facts.ts";
import { TextMetrics } from "./text-metrics.ts";

const FACTS: RequestFacts = {
  listener: "main",
  route: "openai",
  method: "POST",
  path: "/v1/chat/completions",
  status: 200,
  durationMs: 300,
  requestBytes: 100,
  responseBytes: 200,
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  sampled: true,
  tries: 1,
  upstream: "openai",
};

const MODEL: ModelFacts = {
  operation: "chat",
  provider: "openai",
  asked: "gpt-5",
  answered: "gpt-5-2025",
  streams: true,
  tokens: { input: 100, output: 20, cacheRead: 40 },
  costUsd: 0.25,
  firstChunkMs: 120,
};

const LABELS =
  'gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt-5",gen_ai_response_model="gpt-5-2025"';

/** The lines of the families whose names begin so, without buckets that are empty. */
function lines(metrics: TextMetrics, ...names: string[]): string[] {
  return metrics
    .text()
    .split("\n")
    .filter((line) => names.some((name) => line.startsWith(name)));
}

test("requests are counted by route, upstream, model and status, and are active until they end", () => {
  const metrics = new TextMetrics();
  for (let index = 0; index < 3; index += 1) metrics.requestStarted("main");
  metrics.requestEnded({ ...FACTS, model: MODEL });
  metrics.requestEnded({ ...FACTS, status: 503, errorType: "503", upstream: undefined, route: undefined });
  assert.deepEqual(lines(metrics, "clew_gateway_requests", "http_server_active"), [
    'http_server_active_requests{listener="main"} 1',
    'clew_gateway_requests_total{route="openai",upstream="openai",model="gpt-5-2025",status="200"} 1',
    'clew_gateway_requests_total{status="503"} 1',
  ]);
});

test("tokens, cost and the times of a model's answer have the names of OpenTelemetry", () => {
  const metrics = new TextMetrics();
  metrics.requestEnded({ ...FACTS, model: MODEL });
  metrics.requestEnded({ ...FACTS, model: MODEL });
  assert.deepEqual(lines(metrics, "gen_ai_client_inference_usage", "clew_gateway_cost"), [
    `gen_ai_client_inference_usage_input_tokens_total{${LABELS}} 200`,
    `gen_ai_client_inference_usage_output_tokens_total{${LABELS}} 40`,
    `gen_ai_client_inference_usage_cache_read_input_tokens_total{${LABELS}} 80`,
    `clew_gateway_cost_usd_total{${LABELS}} 0.5`,
  ]);
  const duration = lines(metrics, "gen_ai_client_inference_duration_seconds");
  assert.ok(duration.includes(`gen_ai_client_inference_duration_seconds_bucket{${LABELS},le="0.16"} 0`));
  assert.ok(duration.includes(`gen_ai_client_inference_duration_seconds_bucket{${LABELS},le="0.32"} 2`));
  assert.ok(duration.includes(`gen_ai_client_inference_duration_seconds_bucket{${LABELS},le="+Inf"} 2`));
  assert.ok(duration.includes(`gen_ai_client_inference_duration_seconds_sum{${LABELS}} 0.6`));
  assert.ok(duration.includes(`gen_ai_client_inference_duration_seconds_count{${LABELS}} 2`));
  const first = lines(metrics, "gen_ai_client_inference_time_to_first_chunk_seconds_sum");
  assert.deepEqual(first, [`gen_ai_client_inference_time_to_first_chunk_seconds_sum{${LABELS}} 0.24`]);
});

test("further tries are counted as what they are", () => {
  const metrics = new TextMetrics();
  const facts = { route: "chat", upstream: "a", durationMs: 10 };
  metrics.tried({ ...facts, status: 500, errorType: "500" });
  metrics.tried({ ...facts, errorType: "timeout", because: "retry" });
  metrics.tried({ ...facts, upstream: "b", status: 200, because: "fallback" });
  assert.deepEqual(
    lines(
      metrics,
      "clew_gateway_retries",
      "clew_gateway_fallbacks",
      "http_client_request_duration_seconds_count",
    ),
    [
      'http_client_request_duration_seconds_count{route="chat",upstream="a",http_response_status_code="500",error_type="500"} 1',
      'http_client_request_duration_seconds_count{route="chat",upstream="a",error_type="timeout"} 1',
      'http_client_request_duration_seconds_count{route="chat",upstream="b",http_response_status_code="200"} 1',
      'clew_gateway_retries_total{route="chat",upstream="a"} 1',
      'clew_gateway_fallbacks_total{route="chat",upstream="b"} 1',
    ],
  );
});

test("names that callers make up don't grow the memory, and can't break a line", () => {
  const metrics = new TextMetrics();
  for (let index = 0; index < 2000; index += 1) {
    metrics.requestEnded({ ...FACTS, model: { ...MODEL, asked: `m${index}`, answered: undefined } });
  }
  metrics.requestEnded({ ...FACTS, method: "BREW" });
  const requests = lines(metrics, "clew_gateway_requests_total");
  assert.equal(requests.length, 501);
  assert.equal(requests.at(-1), 'clew_gateway_requests_total{otel_metric_overflow="true"} 1501');
  assert.equal(lines(metrics, "http_server_request_duration_seconds_count").length, 2);
  assert.match(metrics.text(), /http_request_method="_OTHER"/);

  const hostile = new TextMetrics();
  const answered = `a"\nb\\${"x".repeat(500)}`;
  hostile.requestEnded({ ...FACTS, model: { ...MODEL, answered } });
  const [line] = lines(hostile, "clew_gateway_requests_total");
  assert.match(line ?? "", /model="a\\"\\nb\\\\x+",status="200"\} 1$/);
  assert.ok((line ?? "").length < 300);
});

test("what is exported and dropped is told per endpoint", () => {
  const metrics = new TextMetrics(() => [
    {
      endpoint: "http://127.0.0.1:4318/v1/traces",
      exported: 7,
      dropped: { full: 2, refused: 0, rejected: 0, closed: 0, unfit: 0 },
      waiting: 3,
    },
  ]);
  const endpoint = 'endpoint="http://127.0.0.1:4318/v1/traces"';
  assert.deepEqual(lines(metrics, "clew_gateway_spans"), [
    `clew_gateway_spans_exported_total{${endpoint}} 7`,
    `clew_gateway_spans_dropped_total{${endpoint},reason="full"} 2`,
    `clew_gateway_spans_dropped_total{${endpoint},reason="refused"} 0`,
    `clew_gateway_spans_dropped_total{${endpoint},reason="rejected"} 0`,
    `clew_gateway_spans_dropped_total{${endpoint},reason="closed"} 0`,
    `clew_gateway_spans_dropped_total{${endpoint},reason="unfit"} 0`,
    `clew_gateway_spans_waiting{${endpoint}} 3`,
  ]);
});
