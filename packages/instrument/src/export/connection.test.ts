import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { test } from "node:test";
import { Connection } from "./connection.ts";

async function withServer(server: Server, body: (url: URL) => Promise<void>): Promise<void> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await body(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  } finally {
    server.close();
    if ("closeAllConnections" in server) (server.closeAllConnections as () => void)();
  }
}

function answering(listener: RequestListener): Server {
  return createServer(listener);
}

/** A server that answers every piece it gets with the same bytes. */
function raw(answer: string): Server {
  return createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write(answer));
  });
}

test("requests follow each other on one connection, whole and with their headers", async () => {
  const seen: string[] = [];
  const sockets = new Set<unknown>();
  const server = answering(async (request, response) => {
    sockets.add(request.socket);
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    seen.push(
      `${request.method} ${request.url} ${request.headers["x-tenant"]} ${Buffer.concat(pieces).length}`,
    );
    response.writeHead(200, { "content-length": 5 }).end("12345");
  });
  await withServer(server, async (url) => {
    const connection = new Connection(url);
    for (const size of [0, 10, 300_000]) {
      const { status } = await connection.post("/v1/traces?x=1", { "x-tenant": "a" }, new Uint8Array(size));
      assert.equal(status, 200);
    }
    connection.close();
  });
  assert.deepEqual(
    seen,
    [0, 10, 300_000].map((size) => `POST /v1/traces?x=1 a ${size}`),
  );
  assert.equal(sockets.size, 1);
});

test("an answer in chunks, one without a length and one after 100 Continue are all understood", async () => {
  const chunked = answering((request, response) => {
    request.resume();
    response.writeHead(503, { "retry-after": "7" });
    response.write("a");
    response.end("b");
  });
  await withServer(chunked, async (url) => {
    const connection = new Connection(url);
    for (let index = 0; index < 2; index += 1) {
      const answer = await connection.post("/v1/traces?x=1", {}, new Uint8Array(3));
      assert.deepEqual(answer, { status: 503, retryAfter: "7" });
    }
    connection.close();
  });
  const continued = raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\n\r\n");
  await withServer(continued, async (url) => {
    const connection = new Connection(url);
    assert.equal((await connection.post("/v1/traces?x=1", {}, new Uint8Array(3))).status, 202);
    connection.close();
  });
});

test("a connection that was closed while idle is opened again", async () => {
  let connections = 0;
  const server = answering((request, response) => {
    request.resume();
    response.writeHead(200, { "content-length": 0 }).end(() => setImmediate(() => request.socket.destroy()));
  });
  server.on("connection", () => {
    connections += 1;
  });
  await withServer(server, async (url) => {
    const connection = new Connection(url);
    for (let index = 0; index < 5; index += 1) {
      assert.equal((await connection.post("/v1/traces?x=1", {}, new Uint8Array(3))).status, 200);
    }
    connection.close();
  });
  assert.ok(connections >= 2, `${connections} connections`);
});

test("what is no HTTP, closes at once or does not listen is an error", async () => {
  await withServer(raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"), async (url) => {
    await assert.rejects(new Connection(url).post("/v1/traces?x=1", {}, new Uint8Array(3)), /not HTTP/);
  });
  const closing = createTcpServer((socket) => socket.destroy());
  let gone: URL | undefined;
  await withServer(closing, async (url) => {
    gone = url;
    await assert.rejects(new Connection(url).post("/v1/traces?x=1", {}, new Uint8Array(3)));
  });
  await assert.rejects(new Connection(gone!).post("/v1/traces?x=1", {}, new Uint8Array(3)), /ECONNREFUSED/);
});
