import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { test } from "node:test";
import { OtlpCollector } from "./harness/otlp-collector.ts";
import { runPreloaded } from "./harness/preloaded-process.ts";

/** Serves itself ten requests, in turn, and prints how long the slowest took. */
const AGENT = `import { createServer } from "node:http";
const server = createServer((request, response) => response.end("ok")).listen(0, "127.0.0.1", async () => {
  const url = "http://127.0.0.1:" + server.address().port;
  let slowest = 0;
  for (let index = 0; index < 10; index += 1) {
    const start = performance.now();
    await (await fetch(url)).text();
    if (index > 0) slowest = Math.max(slowest, performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  console.log(slowest < 250 ? "quick" : "slow " + slowest);
  server.close();
  server.closeAllConnections();
});`;

/** What the end of a program may take longer with a collector that does not answer. */
const EXIT_MS = 1500;

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function collectorThat(answer: RequestListener) {
  return createServer((request, response) => {
    request.resume();
    answer(request, response);
  });
}

const COLLECTORS: Record<string, () => Server> = {
  "answers 500": () => collectorThat((_, response) => response.writeHead(500).end("broken")),
  "answers 503": () => collectorThat((_, response) => response.writeHead(503, { "retry-after": "1" }).end()),
  "answers after 3 s": () => collectorThat((_, response) => setTimeout(() => response.end(), 3000).unref()),
  "never answers": () => collectorThat(() => undefined),
  "closes every connection": () => createTcpServer((socket) => socket.destroy()),
  "talks something else": () => createTcpServer((socket) => socket.on("error", () => {}).end("SSH-2.0\r\n")),
};

for (const [name, create] of Object.entries(COLLECTORS)) {
  test(`a collector that ${name} is not noticed by the program`, async () => {
    const server = create();
    const endpoint = await listening(server);
    try {
      const plain = await runPreloaded(AGENT, {});
      const { code, stdout, stderr, ms } = await runPreloaded(AGENT, { endpoint });
      assert.deepEqual([code, stdout, stderr], [0, "quick\n", ""]);
      assert.ok(ms < plain.ms + EXIT_MS + 500, `${ms} ms, ${plain.ms} ms without`);
    } finally {
      server.close();
      (server as { closeAllConnections?: () => void }).closeAllConnections?.();
    }
  });
}

test("a collector that is not there is not noticed by the program", async () => {
  const server = createTcpServer();
  const endpoint = await listening(server);
  server.close();
  await once(server, "close");
  const plain = await runPreloaded(AGENT, {});
  const { code, stdout, stderr, ms } = await runPreloaded(AGENT, { endpoint });
  assert.deepEqual([code, stdout, stderr], [0, "quick\n", ""]);
  assert.ok(ms < plain.ms + 800, `${ms} ms, ${plain.ms} ms without`);
});

/** Makes 30,000 spans of 4 KB by the registered tracer. */
const FLOOD = `
const { trace } = globalThis[Symbol.for("opentelemetry.js.api.1")];
const tracer = trace.getTracer("flood");
const text = "x".repeat(4096);
for (let round = 0; round < 60; round += 1) {
  for (let index = 0; index < 500; index += 1) tracer.startSpan("s", { attributes: { text } }).end();
  await new Promise((resolve) => setTimeout(resolve, 2));
}
globalThis.gc?.();
console.log(Math.round((process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers) / 1e6));
process.exit();`;

test("memory stays bounded while a collector does not take what comes", async () => {
  const server = collectorThat(() => undefined);
  const endpoint = await listening(server);
  try {
    const { stdout, stderr, code } = await runPreloaded(FLOOD, { endpoint });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.ok(Number(stdout) < 60, `${stdout.trim()} MB of 120 MB are kept`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("what was refused for now is sent again, and everything arrives in the end", async () => {
  await using collector = await OtlpCollector.start();
  let refusals = 0;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    if (refusals++ < 2) return void response.writeHead(429, { "retry-after": "1" }).end();
    const headers = { "content-type": "application/x-protobuf" };
    await fetch(collector.endpoint + request.url, { method: "POST", body: Buffer.concat(pieces), headers });
    response.end();
  });
  const endpoint = await listening(server);
  try {
    const source = AGENT.replace("server.close();", "server.close(); setTimeout(() => {}, 3500);");
    const { code, stderr } = await runPreloaded(source, { endpoint });
    assert.deepEqual([code, stderr], [0, ""]);
    const ids = new Set(collector.spans.map((span) => span.spanId));
    assert.deepEqual([ids.size, collector.spans.length], [20, 20]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("what is lost is told as a log record", async () => {
  await using collector = await OtlpCollector.start();
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    if (request.url === "/v1/traces") return void response.writeHead(400).end();
    await fetch(collector.endpoint + request.url, { method: "POST", body: Buffer.concat(pieces) });
    response.end();
  });
  const endpoint = await listening(server);
  try {
    const { code, stderr } = await runPreloaded(AGENT, { endpoint });
    assert.deepEqual([code, stderr], [0, ""]);
    const lost = collector.logs.filter((log) => log.attributes["clew.fault.name"] === "export.lost");
    assert.ok(lost.length > 0);
    assert.match(String(lost[0]?.body), /records: the collector answered 400/);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
