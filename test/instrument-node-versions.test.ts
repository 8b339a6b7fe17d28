import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { otherNode, withoutNode } from "./harness/other-node.ts";
import { OtlpCollector, type ReceivedSpan } from "./harness/otlp-collector.ts";
import { runPreloaded } from "./harness/preloaded-process.ts";

const { resolve } = createRequire(import.meta.url);

const HEADS = {
  mjs: `import { createServer, get } from "node:http";
import { Worker } from "node:worker_threads";
import { getRequestListener } from "${import.meta.resolve("@hono/node-server")}";
import { Hono } from "${import.meta.resolve("hono")}";`,
  cjs: `const { createServer, get } = require("node:http");
const { Worker } = require("node:worker_threads");
const { getRequestListener } = require(${JSON.stringify(resolve("@hono/node-server"))});
const { Hono } = require(${JSON.stringify(resolve("hono"))});`,
};

const WORKER = `
const { workerData, parentPort } = require("node:worker_threads");
fetch(workerData + "/from-worker/1").then((answer) => answer.text()).then((text) => parentPort.postMessage(text));`;

/** Serves itself: a handler that asks by `fetch`, by `node:http` and from a worker. */
const BODY = `
const app = new Hono();
let base;
const ask = (path) => new Promise((resolve) => {
  get(base + path, (response) => response.setEncoding("utf8").on("data", resolve));
});
const work = () => new Promise((resolve, reject) => {
  const worker = new Worker(${JSON.stringify(WORKER)}, { eval: true, workerData: base });
  let answer;
  worker.on("message", (text) => { answer = text; }).on("error", reject).on("exit", () => resolve(answer));
});
app.get("/ask/:id", async (c) => c.text([
  await (await fetch(base + "/fetched/1")).text(), await ask("/got/1"), await work(),
].join()));
app.get("/:how/:id", (c) => c.text(c.req.param("how")));
const server = createServer(getRequestListener(app.fetch)).listen(0, "127.0.0.1", async () => {
  base = "http://127.0.0.1:" + server.address().port;
  console.log(await (await fetch(base + "/ask/7")).text());
  server.close();
  server.closeAllConnections();
});`;
const ANSWER = "fetched,got,from-worker\n";

function checkSpans(spans: readonly ReceivedSpan[]): void {
  const served = (path: string) => {
    const of = spans.filter(({ kind, attributes }) => kind === 2 && attributes["url.path"] === path);
    assert.equal(of.length, 1, path);
    return of[0]!;
  };
  const asked = served("/ask/7");
  assert.equal(asked.name, "GET /ask/:id");
  for (const path of ["/fetched/1", "/got/1", "/from-worker/1"]) {
    const server = served(path);
    assert.equal(server.name, "GET /:how/:id");
    const client = spans.find(({ spanId }) => spanId === server.parentSpanId);
    assert.deepEqual([client?.kind, client?.parentSpanId], [3, asked.spanId], path);
  }
  assert.equal(spans.length, 8);
}

for (const version of ["22.3.0", "22", "24", "26"]) {
  const skip = (await withoutNode(version)) ?? false;
  for (const kind of ["mjs", "cjs"] as const) {
    test(`an agent is traced under Node ${version}, ${kind}`, { skip }, async () => {
      await using collector = await OtlpCollector.start();
      const options = { kind, endpoint: collector.endpoint, node: await otherNode(version) };
      const { code, stdout, stderr } = await runPreloaded(HEADS[kind] + BODY, options);
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: ANSWER, stderr: "" });
      checkSpans(collector.spans);
    });
  }
}

const tooOld = (await withoutNode("20")) ?? false;
for (const kind of ["mjs", "cjs"] as const) {
  test(`an agent runs under Node 20 as without us, and one line says so, ${kind}`, {
    skip: tooOld,
  }, async () => {
    await using collector = await OtlpCollector.start();
    const node = await otherNode("20");
    const source = HEADS[kind] + BODY;
    const plain = await runPreloaded(source, { kind, node });
    const { code, stdout, stderr } = await runPreloaded(source, { kind, node, endpoint: collector.endpoint });
    assert.deepEqual([code, stdout], [0, ANSWER]);
    assert.deepEqual([plain.code, plain.stdout, plain.stderr], [0, ANSWER, ""]);
    assert.match(stderr, /^clew: Node 20\.\d+\.\d+ is not traced, it takes Node 22\.3 or newer; [^\n]+\n$/);
    assert.equal(collector.spans.length, 0);
  });
}
