import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { decodeMessage, decodeOtlp } from "@clew/protocol/otlp/decode";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import { RESPONSES, RPC_STATUS } from "@clew/protocol/otlp/response-schema";
import { DiskFull, MalformedOtlp, Overloaded } from "../errors.ts";
import { TAKEN, testReceivers } from "./test-receivers.ts";

const MIB = 1024 * 1024;
const PROTOBUF = "application/x-protobuf";
const SPAN = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", name: "plan" };
const DATA = { resourceSpans: [{ scopeSpans: [{ spans: [SPAN] }] }] };

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly agent?: Agent;
}

function send(port: number, body: Uint8Array | string, sent: Sent = {}): Promise<Answer> {
  const { path = "/v1/traces", method = "POST", headers = { "content-type": PROTOBUF }, agent } = sent;
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, method, headers, ...(agent && { agent }) };
    const outgoing = request(options, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () => {
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(pieces) });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function json(answer: Answer): { code?: number; message?: string; details?: { retryDelay?: string }[] } {
  assert.equal(answer.headers["content-type"], "application/json");
  return JSON.parse(String(answer.body));
}

test("protobuf goes through byte by byte, and the answer is empty protobuf", async (t) => {
  const { httpPort, received, events } = await testReceivers(t);
  for (const signal of ["traces", "logs", "metrics"]) {
    const { status, headers, body } = await send(httpPort, Buffer.from(signal), { path: `/v1/${signal}` });
    assert.deepEqual([status, headers["content-type"], body.length], [200, PROTOBUF, 0]);
    assert.deepEqual([received.at(-1)?.signal, String(received.at(-1)?.body)], [signal, signal]);
  }
  assert.equal(events.counters().signals.metrics.bytes, "metrics".length);
});

test("JSON becomes the same protobuf, and is answered in JSON", async (t) => {
  const { httpPort, received } = await testReceivers(t);
  for (const type of ["application/json", "application/json; charset=utf-8", "Application/JSON"]) {
    const headers = { "content-type": type };
    const answer = await send(httpPort, JSON.stringify(DATA), { headers });
    assert.deepEqual([answer.status, String(answer.body)], [200, "{}"]);
    assert.deepEqual(decodeOtlp("traces", received.at(-1)!.body), DATA);
    assert.equal(received.at(-1)?.source.protocol, "http/json");
  }
});

test("an empty body is a success in every encoding", async (t) => {
  const { httpPort, received } = await testReceivers(t);
  for (const type of [PROTOBUF, "application/json"]) {
    const { status } = await send(httpPort, "", { headers: { "content-type": type } });
    assert.equal(status, 200);
    assert.equal(received.at(-1)?.body.length, 0);
  }
});

test("gzip, zstd and deflate are undone, small and large", async (t) => {
  const { httpPort, received } = await testReceivers(t);
  for (const size of [100, 300_000, 5 * MIB]) {
    const text = Buffer.alloc(size, "compressed text, ");
    for (const [encoding, body] of [
      ["gzip", gzipSync(text)],
      ["GZIP", gzipSync(text, { level: 0 })],
      ["zstd", zstdCompressSync(text)],
      ["deflate", deflateSync(text)],
      ["identity", text],
    ] as const) {
      const headers = { "content-type": PROTOBUF, "content-encoding": encoding };
      assert.equal((await send(httpPort, body, { headers })).status, 200, encoding);
      assert.ok(received.at(-1)?.body.equals(text));
    }
  }
});

test("64 MiB are taken; one byte more is 413, also when it only grows to that", async (t) => {
  const { httpPort, received, reasons } = await testReceivers(t);
  const most = Buffer.alloc(64 * MIB);
  assert.equal((await send(httpPort, most)).status, 200);
  assert.equal(received.at(-1)?.body.length, 64 * MIB);
  const tooMuch = Buffer.alloc(64 * MIB + 1);
  assert.equal((await send(httpPort, tooMuch)).status, 413);
  const headers = { "content-type": PROTOBUF, "transfer-encoding": "chunked" };
  assert.equal((await send(httpPort, tooMuch, { headers })).status, 413);
  for (const [encoding, bomb] of [
    ["gzip", gzipSync(tooMuch)],
    ["zstd", zstdCompressSync(Buffer.alloc(300 * MIB))],
  ] as const) {
    const answer = await send(httpPort, bomb, {
      headers: { "content-type": PROTOBUF, "content-encoding": encoding },
    });
    assert.equal(answer.status, 413);
    assert.match(String(decodeMessage(RPC_STATUS, answer.body).message), /64 MiB after decompression/);
  }
  assert.equal(received.length, 1);
  assert.deepEqual(reasons(), ["body_too_large"]);
});

test("a body that does not inflate is 400 and says which encoding it was", async (t) => {
  const { httpPort } = await testReceivers(t);
  const headers = { "content-type": "application/json", "content-encoding": "gzip" };
  const cut = gzipSync(Buffer.alloc(MIB, "0123456789".repeat(1000))).subarray(0, 500);
  for (const body of ["{}", cut]) {
    const answer = await send(httpPort, body, { headers });
    assert.equal(answer.status, 400);
    assert.match(json(answer).message!, /gzip/);
  }
});

test("malformed JSON is 400 and names the place", async (t) => {
  const { httpPort, received, events } = await testReceivers(t);
  const headers = { "content-type": "application/json" };
  const text = '{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"soon"}]}]}]}';
  const answer = await send(httpPort, text, { headers });
  assert.equal(answer.status, 400);
  assert.equal(json(answer).code, 3);
  assert.match(json(answer).message!, /resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]\.startTimeUnixNano/);
  assert.equal((await send(httpPort, "{", { headers })).status, 400);
  assert.match(
    json(await send(httpPort, encodeOtlp("traces", DATA), { headers })).message!,
    /looks like protobuf/,
  );
  assert.equal(received.length, 0);
  assert.equal(events.counters().refused, 3);
});

test("each failure has the status that OTLP gives it, in the encoding of the request", async (t) => {
  let failure: unknown;
  const { httpPort, errors } = await testReceivers(t, {
    async accept() {
      throw failure;
    },
  });
  const fail = (error: unknown) => {
    failure = error;
    return send(httpPort, JSON.stringify(DATA));
  };
  const malformed = await fail(new MalformedOtlp("truncated varint at byte 3"));
  assert.equal(malformed.status, 400);
  assert.deepEqual(decodeMessage(RPC_STATUS, malformed.body), {
    code: 3,
    message:
      "truncated varint at byte 3. The body looks like JSON: say so with content-type: application/json",
  });
  for (const [error, status, seconds] of [
    [new Overloaded("full", 1_500), 503, "2"],
    [new Overloaded("busy", 1_000, 429), 429, "1"],
    [new DiskFull("/data"), 503, "10"],
  ] as const) {
    const answer = await fail(error);
    assert.deepEqual([answer.status, answer.headers["retry-after"]], [status, seconds]);
    assert.equal(decodeMessage(RPC_STATUS, answer.body).code, 14);
  }
  assert.deepEqual(errors, []);
  const bug = await fail(new TypeError("secret detail"));
  assert.equal(bug.status, 500);
  assert.doesNotMatch(String(bug.body), /secret/);
  assert.equal(errors.length, 1);
});

test("rejected records are told as partial success", async (t) => {
  const { httpPort } = await testReceivers(t, {
    accept: async () => ({ ...TAKEN, rejected: 1, message: "1 span rejected; first: zero id" }),
  });
  const { status, body } = await send(httpPort, "x");
  assert.equal(status, 200);
  assert.deepEqual(decodeMessage(RESPONSES.traces, body), {
    partialSuccess: { rejectedSpans: "1", errorMessage: "1 span rejected; first: zero id" },
  });
});

test("wrong content types, encodings and methods are refused with what to use instead", async (t) => {
  const { httpPort, received } = await testReceivers(t);
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonl", ""]) {
    const answer = await send(httpPort, "{}", { headers: type === "" ? {} : { "content-type": type } });
    assert.equal(answer.status, 415);
    assert.match(json(answer).message!, /Use application\/x-protobuf or application\/json/);
  }
  const snappy = await send(httpPort, "x", {
    headers: { "content-type": PROTOBUF, "content-encoding": "snappy" },
  });
  assert.deepEqual([snappy.status, snappy.headers["accept-encoding"]], [415, "gzip, zstd, deflate"]);
  const got = await send(httpPort, "", { method: "GET", headers: {} });
  assert.deepEqual([got.status, got.headers.allow], [405, "POST, OPTIONS"]);
  assert.equal(received.length, 0);
});

test("an unknown path is 404 with the path that was probably meant", async (t) => {
  const { httpPort, grpcPort, events } = await testReceivers(t);
  for (const [path, hint] of [
    ["/traces", /path is \/v1\/traces$/],
    ["/v1/trace", /path is \/v1\/traces$/],
    ["/v1/traces/", /path is \/v1\/traces$/],
    ["/V1/Metrics?x=1", /path is \/v1\/metrics$/],
    ["/otlp/log", /path is \/v1\/logs$/],
    ["/v1/traces/v1/traces", /base URL without a path/],
    ["/", /used as it is, with its path$/],
    ["/v1development/profiles", /Profiles/],
    ["/api/traces", /Thrift/],
    ["/api/v1/spans", /version 2/],
    ["/opentelemetry.proto.collector.trace.v1.TraceService/Export", new RegExp(`port ${grpcPort}`)],
  ] as const) {
    const answer = await send(httpPort, "{}", { path, headers: { "content-type": "application/json" } });
    assert.equal(answer.status, 404);
    assert.match(json(answer).message!, hint);
    assert.match(events.counters().refusals.find((group) => group.path === path.split("?")[0])!.hint, hint);
  }
});

test("a long path is not kept whole", async (t) => {
  const { httpPort, events } = await testReceivers(t);
  const answer = await send(httpPort, "", { path: `/${"x".repeat(5_000)}` });
  assert.equal(answer.status, 404);
  assert.ok(answer.body.length < 400);
  assert.ok(events.recent()[0]!.path.length < 250);
});

test("Zipkin's JSON is taken on both of its paths and becomes OTLP", async (t) => {
  const { httpPort, received, events } = await testReceivers(t);
  const span = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    id: "b7ad6b7169203331",
    name: "get",
    timestamp: 1_000,
  };
  const headers = { "content-type": "application/json" };
  for (const path of ["/api/v2/spans", "/zipkin/api/v2/spans"]) {
    const { status, body } = await send(httpPort, JSON.stringify([span]), { path, headers });
    assert.deepEqual([status, body.length], [202, 0]);
    const read = decodeOtlp("traces", received.at(-1)!.body);
    assert.equal(read.resourceSpans?.[0]?.scopeSpans?.[0]?.spans?.[0]?.name, "get");
    assert.equal(received.at(-1)?.source.protocol, "zipkin");
  }
  const path = "/api/v2/spans";
  assert.equal(
    (await send(httpPort, JSON.stringify([span, { id: "no id" }]), { path, headers })).status,
    202,
  );
  assert.equal(events.counters().signals.traces.rejected, 1);
  assert.equal((await send(httpPort, JSON.stringify({ no: "array" }), { path, headers })).status, 400);
  assert.equal((await send(httpPort, "x", { path })).status, 415);
});

test("without the right token nothing is taken", async (t) => {
  const { httpPort, received } = await testReceivers(t, { token: "correct-horse" });
  for (const authorization of ["", "Bearer wrong", "Basic Y29ycmVjdC1ob3JzZQ==", "Bearer correct-horse x"]) {
    const headers: Record<string, string> = {
      "content-type": PROTOBUF,
      ...(authorization && { authorization }),
    };
    const answer = await send(httpPort, "x", { headers });
    assert.deepEqual([answer.status, answer.headers["www-authenticate"]], [401, "Bearer"]);
  }
  assert.equal(received.length, 0);
  const headers = { "content-type": PROTOBUF, authorization: "Bearer correct-horse" };
  assert.equal((await send(httpPort, "x", { headers })).status, 200);
});

test("pages of allowed origins may send, others are told which setting lets them", async (t) => {
  const origin = "https://app.example.com";
  const { httpPort, events } = await testReceivers(t, { cors: [origin] });
  const preflight = (from: string) =>
    send(httpPort, "", {
      method: "OPTIONS",
      headers: {
        origin: from,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, x-app",
      },
    });
  const allowed = await preflight(origin);
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers["access-control-allow-origin"], origin);
  assert.equal(allowed.headers["access-control-allow-headers"], "content-type, x-app");
  const sent = await send(httpPort, "{}", { headers: { origin, "content-type": "application/json" } });
  assert.deepEqual([sent.status, sent.headers["access-control-allow-origin"]], [200, origin]);
  const other = await preflight("https://evil.example.com");
  assert.deepEqual([other.status, other.headers["access-control-allow-origin"]], [403, undefined]);
  assert.match(events.counters().refusals[0]!.hint, /evil\.example\.com.*cors\.origins/);
});

test("a connection is used again, also after a refusal with a body", async (t) => {
  const { httpPort, received } = await testReceivers(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  for (const [path, status] of [
    ["/v1/traces", 200],
    ["/nowhere", 404],
    ["/v1/traces", 200],
  ] as const) {
    assert.equal((await send(httpPort, Buffer.alloc(300_000), { path, agent })).status, status);
  }
  assert.equal(received[0]?.source.peer, received[1]?.source.peer);
});

test("plain HTTP/2 is served like HTTP/1", async (t) => {
  const { httpPort, received } = await testReceivers(t);
  const session = connectHttp2(`http://127.0.0.1:${httpPort}`);
  t.after(() => session.destroy());
  const stream = session.request({ ":method": "POST", ":path": "/v1/traces", "content-type": PROTOBUF });
  const status = new Promise((resolve) => stream.once("response", (headers) => resolve(headers[":status"])));
  stream.resume();
  stream.end(Buffer.alloc(100_000, "h2"));
  assert.equal(await status, 200);
  assert.equal(received[0]?.body.length, 100_000);
});

test("a client that leaves in the middle of its request leaves nothing behind", async (t) => {
  const { httpPort, received, errors, events } = await testReceivers(t);
  const socket = connect(httpPort, "127.0.0.1");
  const head = `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: ${PROTOBUF}\r\ncontent-length: 1000\r\n\r\n`;
  await new Promise((resolve) => socket.write(`${head}partial`, resolve));
  socket.destroy();
  assert.equal((await send(httpPort, "whole")).status, 200);
  assert.deepEqual(
    received.map(({ body }) => String(body)),
    ["whole"],
  );
  assert.deepEqual([errors, events.counters().refused], [[], 0]);
});

test("a request sent in drips is put together", async (t) => {
  const { httpPort, received } = await testReceivers(t);
  const socket = connect(httpPort, "127.0.0.1");
  t.after(() => socket.destroy());
  const text = `POST /v1/logs HTTP/1.1\r\nhost: x\r\ncontent-type: ${PROTOBUF}\r\ncontent-length: 5\r\n\r\nhello`;
  const answered = new Promise((resolve) =>
    socket.once("data", (bytes) => resolve(String(bytes).slice(0, 15))),
  );
  for (const byte of text) await new Promise((resolve) => socket.write(byte, () => setImmediate(resolve)));
  assert.equal(await answered, "HTTP/1.1 200 OK");
  assert.equal(String(received[0]?.body), "hello");
});

test("what is not HTTP behind a good first letter is 400, and reported", async (t) => {
  const { httpPort, reasons } = await testReceivers(t);
  const socket = connect(httpPort, "127.0.0.1");
  const answer = await readAll(t, socket, "NONSENSE\r\n\r\n");
  assert.match(answer, /^HTTP\/1\.1 400 /);
  assert.deepEqual(reasons(), ["malformed_http"]);
});

test("draining answers what is under way and closes the connection after it", async (t) => {
  const { promise: release, resolve: go } = Promise.withResolvers<void>();
  const receivers = await testReceivers(t, {
    async accept() {
      await release;
      return TAKEN;
    },
  });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const pending = send(receivers.httpPort, "x", { agent });
  while (receivers.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const drained = receivers.drain(10_000);
  await assert.rejects(send(receivers.httpPort, "y"), /ECONNREFUSED/);
  go();
  assert.equal((await pending).status, 200);
  await drained;
});

function readAll(t: TestContext, socket: ReturnType<typeof connect>, text: string): Promise<string> {
  t.after(() => socket.destroy());
  return new Promise((resolve, reject) => {
    let answer = "";
    socket.on("data", (bytes) => (answer += String(bytes)));
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
    socket.write(text);
  });
}
