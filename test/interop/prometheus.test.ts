import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { KeyValue, Span } from "@clew/protocol/otlp/model";
import { type Broker, withBroker } from "../harness/broker.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { ask, lint, query, type Sample, startPrometheus } from "./prometheus-server.ts";

const TOKEN = "prometheus-test-token";
const HOSTILE = 'hostile "name"}\n# EOF\nclew_fake_total 1 \\ {x="\u2028\u202e<script>';
const ZERO_BYTE = "zero \u0000 byte";
const MS = 1_000_000n;

const RULES = [
  {
    record: "service:errors:ratio",
    expr:
      'sum by (service_name) (traces_span_metrics_calls_total{status_code="STATUS_CODE_ERROR"})' +
      " / sum by (service_name) (traces_span_metrics_calls_total)",
  },
  {
    record: "service:latency:p99",
    expr:
      "histogram_quantile(0.99, sum by (le, service_name) " +
      '(traces_span_metrics_duration_milliseconds_bucket{span_kind="SPAN_KIND_SERVER"}))',
  },
  { record: "agent:cost:rise", expr: "sum by (agent) (increase(clew_cost_usd_total[1m]))" },
  {
    alert: "CallsFail",
    expr: "sum by (client, server) (increase(traces_service_graph_request_failed_total[1m])) > 0",
    labels: { severity: "page" },
  },
];

function text(key: string, value: string): KeyValue {
  return { key, value: { stringValue: value } };
}

/** A trace of its own: the shop calls the bank, where the call fails, and a model that costs half a dollar. */
function trace(serial: number): { shop: Span[]; bank: Span[] } {
  const traceId = (0xabc000 + serial).toString(16).padStart(32, "0");
  const start = BigInt(Date.now()) * MS;
  const span = (
    id: number,
    name: string,
    kind: number,
    lengthMs: bigint,
    more: Partial<Span> = {},
  ): Span => ({
    ...{ traceId, spanId: (serial * 16 + id).toString(16).padStart(16, "0"), name, kind },
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + lengthMs * MS),
    ...more,
  });
  const pay = span(1, "pay", 3, 30n);
  const chat = [
    text("gen_ai.operation.name", "chat"),
    text("gen_ai.provider.name", "acme"),
    text("gen_ai.request.model", "acme-1"),
    text("gen_ai.agent.name", "buyer"),
    { key: "gen_ai.usage.input_tokens", value: { intValue: "1000" } },
    { key: "gen_ai.usage.output_tokens", value: { intValue: "50" } },
    { key: "gen_ai.usage.cost", value: { doubleValue: 0.5 } },
  ];
  const failed = { status: { code: 2, message: "no money" }, parentSpanId: pay.spanId! };
  return {
    shop: [
      pay,
      span(2, "chat acme-1", 1, 700n, { attributes: chat }),
      span(3, HOSTILE, 1, 1n),
      span(4, ZERO_BYTE, 1, 1n),
    ],
    bank: [span(5, "POST /pay", 2, 20n, failed)],
  };
}

/** Sends the halves of the trace from their services, as requests of their own. */
async function send(server: ServerProcess, serial: number): Promise<void> {
  for (const [service, spans] of Object.entries(trace(serial))) {
    const resource = { attributes: [text("service.name", service)] };
    const body = encodeOtlp("traces", { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
    const headers = { "content-type": "application/x-protobuf", authorization: `Bearer ${TOKEN}` };
    const url = `http://127.0.0.1:${server.ports.http}/v1/traces`;
    assert.equal((await fetch(url, { method: "POST", headers, body })).status, 200);
  }
}

function job(server: ServerProcess, name: string, more: object = {}): object {
  return {
    job_name: name,
    static_configs: [{ targets: [`127.0.0.1:${server.ports.api}`] }],
    authorization: { credentials: TOKEN },
    ...more,
  };
}

/** Waits until a query finds something. */
function found(prometheus: Broker, expression: string): Promise<readonly Sample[]> {
  return until(expression, async () => {
    const samples = await query(prometheus, expression);
    return samples.length > 0 && samples;
  });
}

function valuesOf(samples: readonly Sample[], label: string): Record<string, number> {
  return Object.fromEntries(samples.map(({ metric, value }) => [metric[label] ?? "", Number(value[1])]));
}

test("Prometheus scrapes the server, evaluates rules on it and finds the traces by exemplars", (t) =>
  withServer((server) =>
    withBroker(
      t,
      () =>
        startPrometheus([job(server, "clew"), job(server, "tempo", { params: { names: ["tempo"] } })], RULES),
      async (prometheus) => {
        await send(server, 1);
        // A rise is one from what was known before, so that the second trace has to come after it.
        await found(
          prometheus,
          'traces_service_graph_request_failed_total{client="shop",server="bank"} == 1',
        );
        await send(server, 2);

        const [alert] = await found(prometheus, 'ALERTS{alertname="CallsFail",alertstate="firing"}');
        assert.deepEqual([alert?.metric.client, alert?.metric.server], ["shop", "bank"]);
        await found(prometheus, 'traces_span_metrics_calls_total{span_name="POST /pay"} == 2');
        // Of the shop no call failed, so that there is nothing to divide.
        assert.deepEqual(valuesOf(await found(prometheus, "service:errors:ratio"), "service_name"), {
          bank: 1,
        });
        const p99 = valuesOf(await found(prometheus, "service:latency:p99"), "service_name");
        assert.ok(p99.bank! > 10 && p99.bank! <= 50, `the bank takes ${p99.bank} ms`);
        const cost = valuesOf(await found(prometheus, 'agent:cost:rise{agent="buyer"} > 0'), "agent");
        assert.ok(cost.buyer! >= 0.5, `${cost.buyer} dollars`);

        const bucket = 'traces_span_metrics_duration_milliseconds_bucket{span_name="POST /pay"}';
        const range = `start=${Date.now() / 1000 - 300}&end=${Date.now() / 1000 + 300}`;
        const [series] = await ask<{ exemplars: { labels: Record<string, string>; value: string }[] }[]>(
          prometheus,
          `/query_exemplars?query=${encodeURIComponent(bucket)}&${range}`,
        );
        const exemplar = series?.exemplars.at(-1);
        assert.equal(Number(exemplar?.value), 20);
        const traceId = exemplar?.labels.trace_id ?? "";
        assert.match(traceId, /^0{26}abc00[12]$/);
        assert.equal(exemplar?.labels.span_id, trace(Number(traceId.at(-1))).bank[0]?.spanId);

        const names = await ask<string[]>(prometheus, "/label/span_name/values");
        assert.ok(names.includes(HOSTILE), names.join());
        assert.ok(names.includes(ZERO_BYTE.replace("\u0000", "\ufffd")), names.join());
        assert.deepEqual(await query(prometheus, "clew_fake_total"), []);

        const tempo = await found(prometheus, 'traces_spanmetrics_calls_total{service="bank"} == 2');
        assert.equal(tempo[0]?.metric.job, "tempo");
        const { activeTargets } = await ask<{ activeTargets: { health: string; lastError: string }[] }>(
          prometheus,
          "/targets",
        );
        assert.deepEqual(
          activeTargets.map(({ health, lastError }) => [health, lastError]),
          [
            ["up", ""],
            ["up", ""],
          ],
        );
      },
    ),
  ));

test("promtool finds fault with nothing but OpenTelemetry's unit", (t) =>
  withServer(async (server) => {
    await send(server, 1);
    const scraped = async (names: string): Promise<string> => {
      const headers = { authorization: `Bearer ${TOKEN}` };
      return await (await fetch(`${server.url}/metrics?names=${names}`, { headers })).text();
    };
    await until("the spans to be counted", async () =>
      (await scraped("otel")).includes('span_name="POST /pay"'),
    );
    let faults: [otel: string[], tempo: string[]];
    try {
      faults = [await lint(await scraped("otel")), await lint(await scraped("tempo"))];
    } catch (error) {
      if (process.env.CI) throw error;
      t.skip(`skipped: ${(error as Error).message.split("\n")[0]}`);
      return;
    }
    assert.deepEqual(faults, [
      ['traces_span_metrics_duration_milliseconds use base unit "seconds" instead of "milliseconds"'],
      [],
    ]);
  }));

async function withServer(run: (server: ServerProcess) => Promise<void>): Promise<void> {
  await using server = await ServerProcess.start({ env: { CLEW_TOKEN: TOKEN } });
  await run(server);
}
