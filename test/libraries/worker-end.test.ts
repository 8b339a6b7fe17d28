import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";

const HEADS = {
  esm: 'import http from "node:http"; import { Worker } from "node:worker_threads"; import { agent } from "@clew/instrument";',
  cjs: 'const http = require("node:http"); const { Worker } = require("node:worker_threads"); const { agent } = require("@clew/instrument");',
};

const WORKER = `
"use strict";
const { parentPort, workerData } = require("node:worker_threads");
const { agent, tool } = require("@clew/instrument");
if ((function () { return this; })() !== undefined) throw new Error("the worker's source is not strict any more");
agent("stuck", async () => {
  tool("quick", () => {});
  await (await fetch(workerData)).text();
  parentPort.postMessage("fetched");
  await tool("endless", async () => {
    await null;
    for (;;);
  });
});
`;

const BODY = `
const server = http.createServer((request, response) => response.end("x"));
server.listen(0, "127.0.0.1", async () => {
  await agent("maker", async () => {
    const worker = new Worker(${JSON.stringify(WORKER)}, { eval: true, workerData: "http://127.0.0.1:" + server.address().port });
    await new Promise((resolve) => worker.once("message", resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log(await worker.terminate(), worker.listenerCount("exit"), Object.keys(worker).includes("emit"));
  });
  server.close();
  server.closeAllConnections();
});
`;

const LEAVING = `
const server = http.createServer((request, response) => response.end("x"));
server.listen(0, "127.0.0.1", () => {
  const worker = new Worker(${JSON.stringify(WORKER)}, { eval: true, workerData: "http://127.0.0.1:" + server.address().port });
  worker.once("message", () => setTimeout(() => process.exit(3), 50));
});
`;

for (const kind of ["esm", "cjs"] as const) {
  test(`of a worker that is stopped in the middle, what ended is sent and what did not is announced, ${kind}`, async () => {
    const { spans, stdout, stderr, code } = await runAgent({ kind, source: HEADS[kind] + BODY });
    assert.deepEqual([code, stdout, stderr], [0, "1 0 false\n", ""]);
    const running = spans.filter(({ attributes }) => attributes["clew.running"] === true);
    const isRunning = (name: string) => running.some((span) => span.name === name);
    assert.deepEqual(spans.map(({ name }) => [name, isRunning(name!)]).toSorted(), [
      ["GET", false],
      ["GET", false],
      ["execute_tool endless", true],
      ["execute_tool quick", false],
      ["invoke_agent maker", false],
      ["invoke_agent stuck", true],
    ]);
    assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
    const byId = new Map(spans.map((span) => [span.spanId, span.name]));
    const orphans = spans.filter(({ parentSpanId = "" }) => parentSpanId !== "" && !byId.has(parentSpanId));
    assert.deepEqual(orphans, []);
  });

  test(`what a worker did is sent when its process exits, ${kind}`, async () => {
    const { spans, stderr, code } = await runAgent({ kind, source: HEADS[kind] + LEAVING });
    assert.deepEqual([code, stderr], [3, ""]);
    const ended = spans.filter(({ attributes }) => attributes["clew.running"] === undefined);
    assert.deepEqual(ended.map(({ name }) => name).toSorted(), ["GET", "GET", "execute_tool quick"]);
    const running = spans.filter(({ attributes }) => attributes["clew.running"] === true);
    assert.deepEqual(running.map(({ name }) => name).toSorted(), [
      "execute_tool endless",
      "invoke_agent stuck",
    ]);
  });
}
