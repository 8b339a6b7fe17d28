import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import { OTLPTraceExporter as GrpcExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { Overloaded } from "../errors.ts";
import { TAKEN, testReceivers } from "./test-receivers.ts";

/** Sends one span of the SDK through `exporter`. */
async function sendSpan(exporter: SpanExporter): Promise<void> {
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const span = provider
    .getTracer("test")
    .startSpan("plan", { attributes: { "gen_ai.agent.name": "planner" } });
  span.addEvent("thought");
  span.end();
  await provider.forceFlush();
  await provider.shutdown();
}

for (const compression of ["none", "gzip"] as const) {
  const common = { compression: compression as never };

  test(`OpenTelemetry's exporters reach every receiver, compression ${compression}`, async (t) => {
    const { grpcPort, httpPort, received, errors, reasons } = await testReceivers(t);
    await sendSpan(new GrpcExporter({ url: `http://127.0.0.1:${grpcPort}`, ...common }));
    await sendSpan(new ProtobufExporter({ url: `http://127.0.0.1:${httpPort}/v1/traces`, ...common }));
    await sendSpan(new JsonExporter({ url: `http://127.0.0.1:${httpPort}/v1/traces`, ...common }));
    assert.deepEqual(
      received.map(({ source }) => source.protocol),
      ["grpc", "http/protobuf", "http/json"],
    );
    for (const { signal, body, source } of received) {
      assert.equal(signal, "traces");
      const span = decodeOtlp("traces", body).resourceSpans?.[0]?.scopeSpans?.[0]?.spans?.[0];
      assert.equal(span?.name, "plan");
      assert.equal(span?.events?.[0]?.name, "thought");
      assert.match(source.peer, /^127\.0\.0\.1:\d+$/);
      assert.match(source.userAgent, /OTLP?-Exporter/i);
    }
    assert.deepEqual(errors, []);
    assert.deepEqual(reasons(), []);
  });
}

test("OpenTelemetry's exporter over HTTP comes again after the time it is told", async (t) => {
  let attempts = 0;
  const { httpPort, events } = await testReceivers(t, {
    async accept() {
      if (++attempts === 1) throw new Overloaded("The log is full", 50);
      return TAKEN;
    },
  });
  await sendSpan(new ProtobufExporter({ url: `http://127.0.0.1:${httpPort}/v1/traces` }));
  assert.equal(attempts, 2);
  const { refusals, signals } = events.counters();
  assert.deepEqual(
    refusals.map(({ reason, code }) => [reason, code]),
    [["overloaded", 503]],
  );
  assert.equal(signals.traces.requests, 1);
});

test("OpenTelemetry's exporter over gRPC passes on why it was refused", async (t) => {
  const { grpcPort } = await testReceivers(t, {
    async accept() {
      throw new Overloaded("The log is full", 50);
    },
  });
  const sent = sendSpan(new GrpcExporter({ url: `http://127.0.0.1:${grpcPort}` }));
  await assert.rejects(sent, (errors) => /UNAVAILABLE: The log is full/.test(String(errors)));
});
