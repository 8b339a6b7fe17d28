import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { LiveTraces } from "../../query/live-traces.ts";
import { TraceMetrics } from "../../query/prometheus/trace-metrics.ts";
import { Queries } from "../../query/queries.ts";
import { insertSpans, spanIdOf, traceIdOf } from "../../query/testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../../query/testing/test-store.ts";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import type { ApiOptions } from "../api-options.ts";
import { raw, type Served, serveApi } from "../testing/serve-api.ts";

const OPENMETRICS = { accept: "application/openmetrics-text;version=1.0.0" };
const HOSTILE = 'x"}\n# EOF\nclew_fake 1 \\';

let opened: TestStore;
let served: Served;
const running: Served[] = [];

async function serve(options: Partial<ApiOptions> = {}): Promise<Served> {
  const { store } = opened;
  const traceMetrics = new TraceMetrics(store, { restMs: 0 });
  const started = await serveApi({
    queries: new Queries(store),
    live: new LiveTraces(store),
    traceMetrics,
    pipelineStatus: () => ({ duplicates: 4, logBytes: 1234, trouble: { message: "full", sinceMs: 1 } }),
    ...options,
  });
  traceMetrics.onStored({ batchId: 1n, day: 20_454, spans: 3, logs: 2, metricPoints: 1 });
  running.push(started);
  return started;
}

before(async () => {
  opened = await openTestStore(openEmbedded);
  const common = { trace_id: traceIdOf("t"), start_ns: 1_780_000_000_000_000_000n, service_name: "shop" };
  await insertSpans(opened.store, [
    { ...common, span_id: spanIdOf("a"), name: HOSTILE, kind: 3 },
    {
      ...common,
      span_id: spanIdOf("b"),
      name: "serve",
      kind: 2,
      parent_span_id: spanIdOf("a"),
      status_code: 2,
    },
    {
      ...{ ...common, span_id: spanIdOf("c"), name: "chat", span_type: "llm", agent_name: "planner" },
      ...{
        provider: "openai",
        model: "m",
        input_tokens: 11,
        output_tokens: 3,
        cost_usd: 0.25,
        usage_counts: 1,
      },
    },
  ]);
  served = await serve();
});

after(async () => {
  for (const each of running) await each.close();
  await opened?.close();
});

test("a scrape has the names of OpenTelemetry's connectors and the server's own figures", async () => {
  const answer = await raw(`${served.url}/metrics`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
  const lines = answer.body.toString().split("\n");
  const span =
    'service_name="shop",span_name="serve",span_kind="SPAN_KIND_SERVER",status_code="STATUS_CODE_ERROR"';
  for (const line of [
    `traces_span_metrics_calls_total{${span}} 1`,
    `traces_span_metrics_duration_milliseconds_bucket{${span},le="2.0"} 1`,
    `traces_span_metrics_duration_milliseconds_sum{${span}} 1`,
    `traces_span_metrics_duration_milliseconds_count{${span}} 1`,
    'traces_service_graph_request_total{client="shop",server="shop",connection_type=""} 1',
    'traces_service_graph_request_failed_total{client="shop",server="shop",connection_type=""} 1',
    'traces_service_graph_request_server_seconds_sum{client="shop",server="shop",connection_type=""} 0.001',
    'traces_service_graph_request_client_seconds_count{client="shop",server="shop",connection_type=""} 1',
    'clew_tokens_total{service="shop",agent="planner",provider="openai",model="m",type="input"} 11',
    'clew_tokens_total{service="shop",agent="planner",provider="openai",model="m",type="output"} 3',
    'clew_cost_usd_total{service="shop",agent="planner",provider="openai",model="m"} 0.25',
    'clew_build_info{version="1.2.3"} 1',
    'clew_store_state{state="ready"} 1',
    'clew_store_state{state="restarting"} 0',
    'clew_store_rows{table="spans"} 3',
    'clew_stored_records_total{signal="logs"} 2',
    "clew_duplicate_records_total 4",
    "clew_log_bytes 1234",
    "clew_storing_stuck 1",
    "clew_metrics_pending_spans 0",
    'clew_metrics_left_out_calls_total{metrics="spans"} 0',
  ])
    assert.ok(lines.includes(line), line);
  assert.ok(lines.some((line) => /^process_cpu_seconds_total \d/.test(line)));
  assert.ok(
    !lines.some((line) => line.startsWith("clew_fake") || line.includes("spanmetrics") || line === "# EOF"),
  );
});

test("with names=tempo span metrics have the names, labels and unit of Tempo", async () => {
  const answer = await raw(`${served.url}/metrics?names=tempo`);
  const text = answer.body.toString();
  const span =
    'service="shop",span_name="serve",span_kind="SPAN_KIND_SERVER",status_code="STATUS_CODE_ERROR"';
  assert.ok(text.includes(`\ntraces_spanmetrics_calls_total{${span}} 1\n`));
  assert.ok(text.includes(`\ntraces_spanmetrics_latency_bucket{${span},le="0.002"} 1\n`));
  assert.ok(text.includes(`\ntraces_spanmetrics_latency_sum{${span}} 0.001\n`));
  assert.ok(!text.includes("traces_span_metrics"));
  const wrong = await raw(`${served.url}/metrics?names=jaeger`);
  assert.equal(wrong.status, 400);
  assert.match(wrong.body.toString(), /names.*otel or tempo/);
});

test("OpenMetrics comes with exemplars to who asks for it, compressed to who takes that", async () => {
  const answer = await raw(`${served.url}/metrics`, { ...OPENMETRICS, "accept-encoding": "gzip" });
  assert.equal(answer.headers["content-type"], "application/openmetrics-text; version=1.0.0; charset=utf-8");
  assert.equal(answer.headers["content-encoding"], "gzip");
  const text = gunzipSync(answer.body).toString();
  assert.match(text, /# EOF\n$/);
  const ids = `trace_id="${traceIdOf("t")}",span_id="${spanIdOf("b")}"`;
  assert.ok(text.includes(`le="2.0"} 1 # {${ids}} 1 1780000000.001\n`));
  assert.ok(text.includes('span_name="x\\"}\\n# EOF\\nclew_fake 1 \\\\"'));
});

test("a browser that goes to the address gets the page of charts, whoever scrapes the figures", async () => {
  const webFolder = mkdtempSync(join(tmpdir(), "clew-page-"));
  writeFileSync(join(webFolder, "index.html"), "<!doctype html>the page");
  try {
    const locked = await serve({ token: "correct-horse", webFolder });
    const accept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
    const page = await raw(`${locked.url}/metrics?by=model`, { accept });
    assert.equal(page.status, 200);
    assert.match(String(page.headers["content-type"]), /^text\/html/);
    assert.match(String(page.headers.vary), /\bAccept\b(?!-)/);
    assert.equal(page.body.toString(), "<!doctype html>the page");
    const authorization = "Bearer correct-horse";
    for (const scraper of [
      undefined,
      "*/*",
      "text/plain",
      "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
      "text/plain;version=0.0.4,text/html;q=0.1",
    ]) {
      const answer = await raw(`${locked.url}/metrics`, {
        authorization,
        ...(scraper && { accept: scraper }),
      });
      assert.match(answer.body.toString(), /^clew_build_info/m, scraper);
      assert.match(String(answer.headers.vary), /\bAccept\b(?!-)/);
    }
    assert.equal((await raw(`${locked.url}/metrics`, { accept: "*/*" })).status, 401);
  } finally {
    rmSync(webFolder, { recursive: true });
  }
});

test("a scrape needs the token where there is one", async () => {
  const locked = await serve({ token: "correct-horse" });
  assert.equal((await raw(`${locked.url}/metrics`)).status, 401);
  const answer = await raw(`${locked.url}/metrics`, { authorization: "Bearer correct-horse" });
  assert.equal(answer.status, 200);
});

test("a scrape is answered while the store is away", async () => {
  const other = await openTestStore(openEmbedded);
  const traceMetrics = new TraceMetrics(other.store, { restMs: 0 });
  const alone = await serve({
    queries: new Queries(other.store),
    live: new LiveTraces(other.store),
    traceMetrics,
  });
  traceMetrics.onStored({ batchId: 1n, day: 20_454, spans: 1, logs: 0, metricPoints: 0 });
  await other.close();
  const answer = await raw(`${alone.url}/metrics`);
  assert.equal(answer.status, 200);
  const lines = answer.body.toString().split("\n");
  for (const line of [
    'clew_store_state{state="closed"} 1',
    "clew_metrics_failures_total 1",
    "clew_metrics_pending_spans 1",
  ])
    assert.ok(lines.includes(line), line);
});
