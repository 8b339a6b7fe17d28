import assert from "node:assert/strict";
import { test } from "node:test";
import { runLoggingAgent } from "../harness/logging-agent.ts";

const OTLP = { OTEL_TRACES_EXPORTER: "otlp", OTEL_LOGS_EXPORTER: "otlp", OTEL_METRICS_EXPORTER: "none" };

/** What an agent has of its own that sends winston's lines. */
const SENDERS = {
  "a transport and an SDK": `
    const { NodeSDK } = require("@opentelemetry/sdk-node");
    const { OpenTelemetryTransportV3 } = require("@opentelemetry/winston-transport");
    const sdk = new NodeSDK();
    sdk.start();
    const winston = require("winston");
    const own = [new OpenTelemetryTransportV3()];`,
  "an instrumentation that adds a transport": `
    const { NodeSDK } = require("@opentelemetry/sdk-node");
    const { getNodeAutoInstrumentations } = require("@opentelemetry/auto-instrumentations-node");
    const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] });
    sdk.start();
    const winston = require("winston");
    const own = [];`,
  "a transport and a provider of logs": `
    const { logs } = require("@opentelemetry/api-logs");
    const { BatchLogRecordProcessor, LoggerProvider } = require("@opentelemetry/sdk-logs");
    const { OTLPLogExporter } = require("@opentelemetry/exporter-logs-otlp-proto");
    const { OpenTelemetryTransportV3 } = require("@opentelemetry/winston-transport");
    const sdk = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })] });
    logs.setGlobalLoggerProvider(sdk);
    const winston = require("winston");
    const own = [new OpenTelemetryTransportV3()];`,
  "a transport that nobody listens to": `
    const { OpenTelemetryTransportV3 } = require("@opentelemetry/winston-transport");
    const winston = require("winston");
    const own = [new OpenTelemetryTransportV3()];
    const sdk = { shutdown() {} };`,
};

for (const [name, before] of Object.entries(SENDERS)) {
  test(`a line of winston is sent once beside ${name}`, async () => {
    const { stdout, logs, ids } = await runLoggingAgent({
      kind: "cjs",
      esm: "",
      cjs: before,
      before: `
        const log = winston.createLogger({ format: winston.format.json(), transports: [new winston.transports.Console(), ...own] });`,
      inside: 'log.info("once", { a: 1 });',
      after: "sdk.shutdown();",
      env: OTLP,
    });
    assert.deepEqual(JSON.parse(stdout), { a: 1, level: "info", message: "once", ...ids });
    assert.deepEqual(
      logs.map(({ body, traceId, attributes }) => [body, traceId, attributes.a, attributes["session.id"]]),
      [["once", ids.trace_id, 1, "s1"]],
    );
  });
}
