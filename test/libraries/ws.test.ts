import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";

const HEADS = {
  esm: 'import http from "node:http"; import net from "node:net"; import { once } from "node:events"; import WebSocket, { WebSocketServer } from "ws";',
  cjs: 'const http = require("node:http"); const net = require("node:net"); const { once } = require("node:events"); const WebSocket = require("ws"); const { WebSocketServer } = WebSocket;',
};

const BODY = `
const server = http.createServer(async (request, response) => {
  if (request.url.startsWith("/ask")) await ask(request.url);
  response.end("inner");
});
const sockets = new WebSocketServer({ server });
sockets.on("connection", (socket) => {
  const heard = async (data, isBinary) => {
    await (await fetch(base + "/" + (isBinary ? "binary" : String(data)))).text();
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.send("heard " + data);
  };
  socket.on("message", heard);
  socket.once("message", () => {});
  if (socket.listeners("message")[0] !== heard) console.log("another listener");
});
let base;
async function ask(path) {
  const Class = path === "/ask-ws" ? WebSocket : globalThis.WebSocket;
  const socket = new Class(base.replace("http", "ws") + "/chat" + path + "?x=1");
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  for (const message of ["one" + path, new Uint8Array([65])]) {
    socket.send(message);
    await new Promise((resolve) => socket.addEventListener("message", async ({ data }) => {
      await (await fetch(base + "/answered" + path)).text();
      resolve();
    }, { once: true }));
  }
  socket.close();
  await new Promise((resolve) => socket.addEventListener("close", resolve));
}
/** A client that nobody traces. */
async function foreign(port) {
  const socket = net.connect(port, "127.0.0.1");
  socket.write("GET /foreign HTTP/1.1\\r\\nHost: x\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\nbaggage: session.id=s1\\r\\n\\r\\n");
  await once(socket, "data");
  for (const text of ["two", "three"]) {
    socket.write(Buffer.from([0x81, 0x80 + text.length, 0, 0, 0, 0, ...Buffer.from(text)]));
    await once(socket, "data");
  }
  socket.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
  await once(socket, "close");
}
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  base = "http://127.0.0.1:" + port;
  await (await fetch(base + "/ask-ws")).text();
  await (await fetch(base + "/ask-node")).text();
  await foreign(port);
  sockets.close();
  server.closeAllConnections();
  server.close();
});
`;

const milliseconds = (span: ReceivedSpan | undefined) =>
  Number(BigInt(span?.endTimeUnixNano ?? 0) - BigInt(span?.startTimeUnixNano ?? 0)) / 1e6;

for (const [kind, head] of Object.entries(HEADS) as ["esm" | "cjs", string][]) {
  test(`what comes over a websocket stays in the trace of who opened it, ${kind}`, async () => {
    const { spans, stdout, code, stderr } = await runAgent({ kind, source: head + BODY });
    assert.deepEqual([code, stdout, stderr], [0, "", ""]);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const named = (name: string) => spans.filter((span) => span.name === name);
    const served = (path: string) =>
      spans.find((span) => span.kind === 2 && span.attributes["url.path"] === path && span.name === "GET");
    const caller = (path: string) => byId.get(byId.get(served(path)?.parentSpanId)?.parentSpanId);

    for (const path of ["/ask-ws", "/ask-node"]) {
      const asked = served(path);
      const [connection, ...more] = named(`websocket /chat${path}`);
      assert.equal(more.length, 0);
      assert.equal(connection?.kind, 2);
      const upgrade = byId.get(connection?.parentSpanId);
      assert.deepEqual([upgrade?.kind, upgrade?.parentSpanId], [3, asked?.spanId], `${path}'s upgrade`);
      assert.ok(milliseconds(connection) >= 60, "a connection's span is as long as the connection");
      const messages = named(`message /chat${path}`);
      assert.deepEqual(
        messages.map(({ parentSpanId }) => parentSpanId),
        [connection?.spanId],
        "text has a span",
      );
      assert.ok(milliseconds(messages[0]) >= 30, "until its listener is done");
      assert.equal(caller(`/one${path}`)?.spanId, messages[0]?.spanId);
      // Node's own class has no place where its events could get their context without loading it beforehand.
      if (path === "/ask-ws") assert.equal(caller(`/answered${path}`)?.traceId, asked?.traceId);
    }

    const [foreign] = named("websocket /foreign");
    assert.equal(foreign?.parentSpanId ?? "", "");
    const messages = named("message /foreign");
    assert.equal(messages.length, 2);
    for (const message of messages) {
      assert.equal(message.parentSpanId ?? "", "");
      assert.notEqual(message.traceId, foreign?.traceId);
      assert.deepEqual(
        message.links?.map(({ spanId }) => spanId),
        [foreign?.spanId],
      );
      assert.equal(message.attributes["session.id"], "s1");
    }
    assert.ok(messages.some(({ spanId }) => spanId === caller("/two")?.spanId));
  });
}

test("a listener's rejection ends the process as it does without tracing, and is recorded", async () => {
  const source = `${HEADS.cjs}
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" }, () => {
      const client = new WebSocket("ws://127.0.0.1:" + server.address().port);
      client.on("open", () => client.send("x"));
    });
    server.on("connection", (socket) => socket.on("message", async () => { throw new Error("out of stock"); }));
    process.on("exit", (code) => console.log("ended with", code));`;
  const traced = await runAgent({ kind: "cjs", source });
  const plain = await runAgent({ kind: "cjs", source, env: { CLEW_DISABLED_LIBRARIES: "ws" } });
  assert.match(plain.stderr, /Error: out of stock/);
  assert.deepEqual([traced.code, traced.stdout], [plain.code, plain.stdout]);
  assert.equal(traced.stderr.split("\n")[4], plain.stderr.split("\n")[4]);
  const message = traced.spans.find(({ name }) => name === "message /");
  assert.deepEqual([message?.status?.code, message?.status?.message], [2, "out of stock"]);
});
