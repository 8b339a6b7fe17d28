import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";

const HEADS = {
  esm: 'import http from "node:http"; import fs from "node:fs"; import { Worker, SHARE_ENV } from "node:worker_threads";',
  cjs: 'const http = require("node:http"); const fs = require("node:fs"); const { Worker, SHARE_ENV } = require("node:worker_threads");',
};

const WORKER = `
const { parentPort, workerData, threadId } = require("node:worker_threads");
const { setTimeout } = require("node:timers/promises");
(async () => {
  await (await fetch(workerData.url + "/worker" + workerData.name)).text();
  parentPort.postMessage([workerData, process.env.TRACEPARENT ?? "none"]);
})();
`;

const BODY = `
fs.writeFileSync("worker.cjs", ${JSON.stringify(WORKER)});
class Own extends Worker {}
let url;
const work = (name, Class, options) => new Promise((resolve, reject) => {
  const worker = new Class("./worker.cjs", { workerData: { url, name }, ...options });
  worker.on("message", (message) => console.log(JSON.stringify(message).replace(url, "")));
  worker.on("error", reject);
  worker.on("exit", resolve);
});
const server = http.createServer(async (request, response) => {
  if (request.url.startsWith("/make")) await work(request.url.at(-1), Worker, request.url.endsWith("2") ? { env: SHARE_ENV } : {});
  response.end();
});
server.listen(0, "127.0.0.1", async () => {
  url = "http://127.0.0.1:" + server.address().port;
  for (const name of [1, 2]) await (await fetch(url + "/make" + name)).text();
  await work("3", Own);
  console.log(new Own("", { eval: true }) instanceof Worker, Worker.name, Worker.prototype.constructor === Worker);
  server.close();
});
`;

for (const [kind, head] of Object.entries(HEADS) as ["esm" | "cjs", string][]) {
  test(`a worker is traced and continues the trace in which it was made, ${kind}`, async () => {
    const { spans, stdout, stderr, code } = await runAgent({ kind, source: head + BODY });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(stdout.trim().split("\n"), [
      ...[1, 2, 3].map((name) => `[{"url":"","name":"${name}"},"none"]`),
      "true Worker true",
    ]);
    const server = (path: string) =>
      spans.find(({ kind: of, attributes }) => of === 2 && attributes["url.path"] === path);
    for (const name of [1, 2]) {
      const called = server(`/worker${name}`);
      const fetching = spans.find(({ spanId }) => spanId === called?.parentSpanId);
      assert.ok(fetching !== undefined, `worker ${name} is traced`);
      assert.equal(fetching.parentSpanId, server(`/make${name}`)?.spanId);
    }
    const alone = spans.find(({ spanId }) => spanId === server("/worker3")?.parentSpanId);
    assert.equal(alone?.parentSpanId ?? "", "", "and one that is made outside of any trace starts its own");
  });
}

const ECHO = `
const { parentPort, receiveMessageOnPort } = require("node:worker_threads");
const { url } = require("node:worker_threads").workerData;
if (receiveMessageOnPort(parentPort)?.message !== "first") throw new Error("the first message is another");
parentPort.on("message", async (message) => {
  await (await fetch(url + "/echo" + message)).text();
  parentPort.postMessage(message);
});
`;

const POOL = `
fs.writeFileSync("worker.cjs", ${JSON.stringify(ECHO)});
let url, worker;
const answered = new Map();
const server = http.createServer(async (request, response) => {
  if (request.url.startsWith("/ask")) {
    const number = request.url.slice(4);
    const answer = new Promise((resolve) => answered.set(number, resolve));
    try { worker.postMessage(() => {}); } catch { worker.postMessage(number); }
    await answer;
  }
  response.end();
});
server.listen(0, "127.0.0.1", async () => {
  url = "http://127.0.0.1:" + server.address().port;
  worker = new Worker("./worker.cjs", { workerData: { url } });
  worker.postMessage("first");
  worker.on("message", (number) => answered.get(number)());
  await Promise.all(Array.from({ length: 20 }, async (_, number) => (await fetch(url + "/ask" + number)).text()));
  worker.postMessage("last");
  answered.set("last", () => { worker.terminate(); server.close(); });
});
`;

for (const [kind, head] of Object.entries(HEADS) as ["esm" | "cjs", string][]) {
  test(`a worker handles each message in the trace in which it was posted, ${kind}`, async () => {
    const { spans, stdout, stderr, code } = await runAgent({ kind, source: head + POOL });
    assert.deepEqual([code, stdout, stderr], [0, "", ""]);
    const server = (path: string) =>
      spans.find(({ kind: of, attributes }) => of === 2 && attributes["url.path"] === path);
    for (let number = 0; number < 20; number++) {
      const asked = server(`/ask${number}`);
      const echo = server(`/echo${number}`);
      assert.ok(asked !== undefined && echo !== undefined);
      assert.equal(echo.traceId, asked.traceId, `message ${number}`);
    }
    assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 21);
  });
}
