import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { request as httpsRequest } from "node:https";
import { connect as connectTcp } from "node:net";
import { test } from "node:test";
import { connect as connectTls } from "node:tls";
import { decodeMessage } from "@clew/protocol/otlp/decode";
import { RPC_STATUS } from "@clew/protocol/otlp/response-schema";
import { PortTaken } from "../errors.ts";
import { IngestEvents } from "../events.ts";
import { startReceivers } from "./receivers.ts";
import { TAKEN, testReceivers } from "./test-receivers.ts";

const EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const TLS = { cert: fixture("localhost-cert.pem"), key: fixture("localhost-key.pem") };

function post(port: number, contentType: string): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": contentType };
    const outgoing = request(
      { host: "127.0.0.1", port, path: "/v1/traces", method: "POST", headers },
      (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("end", () => resolve({ status: response.statusCode!, body: Buffer.concat(pieces) }));
      },
    );
    outgoing.on("error", reject);
    outgoing.end("x");
  });
}

/** Status and headers of a gRPC export of one empty message. */
async function exportOverGrpc(authority: string, options = {}): Promise<Record<string, unknown>> {
  const session = connectHttp2(authority, options);
  const stream = session.request({ ":method": "POST", ":path": EXPORT, "content-type": "application/grpc" });
  const seen: Record<string, unknown> = {};
  stream.on("response", (headers) => Object.assign(seen, headers));
  stream.on("trailers", (headers) => Object.assign(seen, headers));
  stream.resume();
  stream.end(Buffer.alloc(5));
  await new Promise((resolve) => stream.on("close", resolve));
  session.destroy();
  return seen;
}

function answerTo(port: number, bytes: string | Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, "127.0.0.1");
    const pieces: Buffer[] = [];
    socket.on("data", (piece) => pieces.push(piece));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(Buffer.concat(pieces)));
    socket.write(bytes);
  });
}

test("TLS on a port without it ends at once with an alert, and the operator learns what to change", async (t) => {
  const { grpcPort, httpPort, events } = await testReceivers(t);
  for (const port of [grpcPort, httpPort]) {
    const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once("error", resolve));
    assert.match(String(error.code), /ALERT_HANDSHAKE_FAILURE/);
  }
  const { refusals } = events.counters();
  assert.deepEqual(
    refusals.map((group) => group.reason),
    ["tls_on_plaintext", "tls_on_plaintext"],
  );
  const hints = refusals.map((group) => group.hint);
  assert.ok(hints.some((hint) => hint.includes("OTEL_EXPORTER_OTLP_INSECURE=true")));
  assert.ok(hints.every((hint) => hint.includes("http://")));
  assert.ok(refusals.every((group) => /^127\.0\.0\.1:\d+$/.test(group.peer)));
});

test("HTTP/1 on gRPC's port gets 400 with the port to use, in its own encoding", async (t) => {
  const { grpcPort, httpPort, events } = await testReceivers(t);
  const there = new RegExp(`port ${httpPort}`);
  const protobuf = await post(grpcPort, "application/x-protobuf");
  assert.equal(protobuf.status, 400);
  assert.match(String(decodeMessage(RPC_STATUS, protobuf.body).message), there);
  const json = await post(grpcPort, "application/json");
  assert.match(JSON.parse(String(json.body)).message, there);
  assert.match(String((await post(grpcPort, "text/html")).body), there);
  const [group] = events.counters().refusals;
  assert.deepEqual([group?.reason, group?.count, group?.path], ["http_on_grpc", 3, "/v1/traces"]);
});

test("gRPC on HTTP's port is answered as gRPC with the port to use", async (t) => {
  const { grpcPort, httpPort, events, received } = await testReceivers(t);
  const answer = await exportOverGrpc(`http://127.0.0.1:${httpPort}`);
  assert.equal(answer[":status"], 200);
  assert.equal(answer["grpc-status"], "12");
  assert.match(decodeURIComponent(String(answer["grpc-message"])), new RegExp(`port ${grpcPort}`));
  assert.equal(received.length, 0);
  const [group] = events.counters().refusals;
  assert.deepEqual([group?.reason, group?.path], ["grpc_on_http", EXPORT]);
});

test("bytes of no known protocol are closed and reported", async (t) => {
  const { grpcPort, httpPort, reasons } = await testReceivers(t);
  for (const port of [grpcPort, httpPort]) {
    assert.equal((await answerTo(port, Buffer.from([0, 1, 2, 3]))).length, 0);
  }
  assert.deepEqual(reasons(), ["not_http"]);
});

test("with TLS both ports take it, and tell plaintext clients about it", async (t) => {
  const { grpcPort, httpPort, received, reasons } = await testReceivers(t, { tls: TLS });
  const answer = await exportOverGrpc(`https://localhost:${grpcPort}`, { ca: TLS.cert });
  assert.equal(answer["grpc-status"], "0");
  const status = await new Promise((resolve, reject) => {
    const headers = { "content-type": "application/x-protobuf" };
    const options = {
      host: "localhost",
      port: httpPort,
      path: "/v1/traces",
      method: "POST",
      headers,
      ca: TLS.cert,
    };
    httpsRequest(options, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end("x");
  });
  assert.equal(status, 200);
  assert.deepEqual(
    received.map(({ source }) => source.protocol),
    ["grpc", "http/protobuf"],
  );
  assert.match(received[0]!.source.peer, /:\d+$/);
  const plain = await post(httpPort, "application/json");
  assert.equal(plain.status, 400);
  assert.match(String(plain.body), /https:\/\//);
  await assert.rejects(
    new Promise((_, reject) => {
      const socket = connectTls({ port: httpPort, host: "localhost" }, () => socket.destroy());
      socket.once("error", reject);
    }),
    /self-signed/,
  );
  await answerTo(grpcPort, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  assert.deepEqual([...new Set(reasons())].sort(), ["plaintext_on_tls"]);
});

test("a taken port is an error that names it and its setting, and leaves the other one free", async (t) => {
  const { grpcPort, httpPort } = await testReceivers(t);
  const options = {
    ...{ host: "127.0.0.1", maxBodyBytes: 1_000, events: new IngestEvents() },
    ...{ intake: { accept: async () => TAKEN }, log: { error: () => undefined } },
  };
  await assert.rejects(startReceivers({ ...options, grpcPort, httpPort: 0 }), (error) => {
    assert.ok(error instanceof PortTaken);
    return error.message.includes(String(grpcPort)) && error.message.includes("--grpc-port");
  });
  await assert.rejects(startReceivers({ ...options, grpcPort: 0, httpPort }), (error) => {
    return error instanceof PortTaken && error.message.includes("CLEW_HTTP_PORT");
  });
  await assert.rejects(
    startReceivers({ ...options, host: "192.0.2.1", grpcPort: 0, httpPort: 0 }),
    /192\.0\.2\.1.*no such address/,
  );
});
