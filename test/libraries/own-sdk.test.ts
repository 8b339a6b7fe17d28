import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";

const IMPORTS = {
  esm: (names: string, from: string) => `import { ${names} } from "${from}";`,
  cjs: (names: string, from: string) => `const { ${names} } = require("${from}");`,
} as const;

/** An exporter as an agent has one: prints what it gets. */
const EXPORTER = `
class Printing {
  export(spans, done) {
    for (const span of spans) console.log(span.name, span.attributes["session.id"], span.resource.attributes["service.name"]);
    done({ code: 0 });
  }
  async shutdown() {}
  async forceFlush() {}
}`;

/** What our being there makes an SDK complain of would be seen. */
const COMPLAIN = "diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);";

const BAGGAGE = { OTEL_SERVICE_NAME: "", CLEW_SESSION_ID: "s-1" };

for (const kind of ["esm", "cjs"] as const) {
  const load = IMPORTS[kind];

  test(`a provider of SDK 3 that the agent registers keeps its spans, and they arrive with ids, ${kind}`, async () => {
    const { code, stdout, stderr, spans } = await runAgent({
      kind,
      env: BAGGAGE,
      source: `
${load("trace, context, propagation, diag, DiagConsoleLogger, DiagLogLevel", "@opentelemetry/api")}
${load("TracerProvider, SimpleSpanProcessor", "@opentelemetry/sdk-trace")}
${load("resourceFromAttributes", "@opentelemetry/resources")}
${EXPORTER}
${COMPLAIN}
const early = trace.getTracer("early");
const provider = new TracerProvider({
  resource: resourceFromAttributes({ "service.name": "own-name" }),
  spanProcessors: [new SimpleSpanProcessor({ exporter: new Printing() })],
});
console.log(trace.setGlobalTracerProvider(provider));
early.startActiveSpan("outer", (span) => {
  provider.getTracer("direct").startSpan("direct").end();
  trace.getTracer("late").startSpan("late").end();
  span.end();
});`,
    });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(stdout.split("\n").slice(0, -1).sort(), [
      "direct s-1 own-name",
      "late s-1 own-name",
      "outer s-1 own-name",
      "true",
    ]);
    assert.deepEqual(
      spans
        .map(({ name, service, scope, attributes }) => [name, service, scope, attributes["session.id"]])
        .sort(),
      [
        ["direct", "own-name", "direct", "s-1"],
        ["late", "own-name", "late", "s-1"],
        ["outer", "own-name", "early", "s-1"],
      ],
    );
    const outer = spans.find((span) => span.name === "outer");
    for (const span of spans) if (span !== outer) assert.equal(span.parentSpanId, outer?.spanId);
  });

  test(`NodeSDK with instrumentations of its own: every call once, in both places, ${kind}`, async () => {
    const { code, stdout, stderr, spans } = await runAgent({
      kind,
      env: { ...BAGGAGE, OTEL_LOG_LEVEL: "warn", OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" },
      source: `
${load("NodeSDK", "@opentelemetry/sdk-node")}
${load("SimpleSpanProcessor", "@opentelemetry/sdk-trace")}
${load("HttpInstrumentation", "@opentelemetry/instrumentation-http")}
${EXPORTER}
const sdk = new NodeSDK({
  serviceName: "own-name",
  spanProcessors: [new SimpleSpanProcessor({ exporter: new Printing() })],
  instrumentations: [new HttpInstrumentation()],
});
sdk.start();
const http = process.getBuiltinModule("node:http");
const start = async () => {
  const { createServer, get } = await import("node:http");
  const server = createServer((request, response) => response.end("ok")).listen(0, "127.0.0.1", () => {
    get({ port: server.address().port, host: "127.0.0.1", path: "/a", headers: { connection: "close" } }, (response) => {
      response.resume().on("end", () => server.close(() => sdk.shutdown()));
    });
  });
};
start();`,
    });
    assert.deepEqual([code, stderr], [0, ""]);
    const printed = stdout.split("\n").slice(0, -1);
    assert.deepEqual(printed, ["GET s-1 own-name", "GET s-1 own-name"]);
    assert.deepEqual(spans.map(({ kind: of, service }) => [of, service]).sort(), [
      [2, "own-name"],
      [3, "own-name"],
    ]);
    const [server, client] = [2, 3].map((of) => spans.find((span) => span.kind === of));
    assert.equal(server?.parentSpanId, client?.spanId);
  });
}

test("an agent whose own exporter sends to Clew as well has every span once", async () => {
  const { code, stderr, spans } = await runAgent({
    kind: "esm",
    source: `
import { NodeSDK } from "@opentelemetry/sdk-node";
import { trace } from "@opentelemetry/api";
const sdk = new NodeSDK({});
sdk.start();
trace.getTracer("own").startSpan("once").end();
await sdk.shutdown();`,
    env: { OTEL_TRACES_EXPORTER: "otlp", OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" },
  });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(
    spans.map((span) => span.name),
    ["once"],
  );
});

test("metrics of the agent's own are registered with any version of the API", async () => {
  const { stdout, stderr } = await runAgent({
    kind: "esm",
    source: `
import { metrics } from "@opentelemetry/api";
const meter = { createCounter: () => "mine" };
console.log(metrics.setGlobalMeterProvider({ getMeter: () => meter }), metrics.getMeter("x").createCounter("y"));`,
  });
  assert.deepEqual([stdout, stderr], ["true mine\n", ""]);
});

test("a preload that is asked for twice records once", async () => {
  const preload = new URL("../../packages/instrument/dist/register.mjs", import.meta.url).href;
  const { code, stderr, spans } = await runAgent({
    kind: "esm",
    env: { NODE_OPTIONS: `--import ${preload} --import ${preload}?again` },
    source: `import { createServer } from "node:http";
const server = createServer((request, response) => response.end("ok")).listen(0, "127.0.0.1", async () => {
  await (await fetch("http://127.0.0.1:" + server.address().port)).text();
  server.close();
  server.closeAllConnections();
});`,
  });
  assert.deepEqual([code, stderr, spans.length], [0, "", 2]);
});
