import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";

const HEADS = {
  esm: 'import http from "node:http"; import { Server } from "socket.io"; import { io } from "socket.io-client";',
  cjs: 'const http = require("node:http"); const { Server } = require("socket.io"); const { io } = require("socket.io-client");',
};

const BODY = `
let base;
const server = http.createServer(async (request, response) => {
  if (request.url.startsWith("/ask")) await ask(request.url.slice(5));
  response.end("inner");
});
const sockets = new Server(server);
sockets.of("/orders").on("connection", (socket) => {
  socket.use((event, next) => next());
  socket.on("buy", async (order, answer) => {
    await (await fetch(base + "/bought-" + order.by)).text();
    answer("bought " + order.id);
    socket.emit("told", order.by);
  });
  socket.once("fails", async () => {});
});
async function ask(transport) {
  const socket = io(base + "/orders", { transports: [transport], forceNew: true });
  const told = new Promise((resolve) => socket.on("told", async (by) => {
    await (await fetch(base + "/told-" + by)).text();
    resolve();
  }));
  console.log(await socket.emitWithAck("buy", { id: 7, by: transport }));
  await told;
  socket.disconnect();
}
server.listen(0, "127.0.0.1", async () => {
  base = "http://127.0.0.1:" + server.address().port;
  for (const transport of ["polling", "websocket"]) await (await fetch(base + "/ask/" + transport)).text();
  await sockets.close();
});
`;

for (const [kind, head] of Object.entries(HEADS) as ["esm" | "cjs", string][]) {
  test(`events of socket.io stay in the trace of who connected, ${kind}`, async () => {
    const { spans, stdout, code, stderr } = await runAgent({ kind, source: head + BODY });
    assert.deepEqual([code, stdout, stderr], [0, "bought 7\nbought 7\n", ""]);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const served = (path: string) =>
      spans.find((span) => span.kind === 2 && span.attributes["url.path"] === path);
    const messages = spans.filter(({ name }) => name === "message /orders buy");
    assert.equal(messages.length, 2);
    assert.equal(spans.filter(({ name }) => name?.startsWith("message ")).length, 2);
    for (const transport of ["polling", "websocket"]) {
      const asked = served(`/ask/${transport}`);
      const bought = served(`/bought-${transport}`);
      const message = byId.get(byId.get(bought?.parentSpanId)?.parentSpanId);
      assert.equal(message?.name, "message /orders buy");
      assert.equal(message?.traceId, asked?.traceId, transport);
      assert.ok(byId.has(message?.parentSpanId), "no orphan");
      assert.equal(served(`/told-${transport}`)?.traceId, asked?.traceId, transport);
    }
  });
}
