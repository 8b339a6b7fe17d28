import assert from "node:assert/strict";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { connect } from "node:http2";
import { connect as connectTcp } from "node:net";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { decodeMessage } from "@clew/protocol/otlp/decode";
import { RESPONSES, RPC_STATUS } from "@clew/protocol/otlp/response-schema";
import { DiskFull, MalformedOtlp, Overloaded } from "../errors.ts";
import { TAKEN, testReceivers } from "./test-receivers.ts";

const TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
const MIB = 1024 * 1024;

function client(t: TestContext, port: number): ClientHttp2Session {
  // What waits to be sent counts as the session's memory.
  const session = connect(`http://127.0.0.1:${port}`, { maxSessionMemory: 1000 });
  session.on("error", () => undefined);
  t.after(() => session.destroy());
  return session;
}

function framed(message: Uint8Array, compressed = 0): Buffer {
  const prefix = Buffer.from([compressed, 0, 0, 0, 0]);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function open(session: ClientHttp2Session, headers: Record<string, string> = {}): ClientHttp2Stream {
  return session.request({
    ":method": "POST",
    ":path": TRACES,
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly grpc: string | undefined;
  readonly message: string;
  readonly details: Record<string, unknown> | undefined;
}

async function answer(stream: ClientHttp2Stream): Promise<Answer> {
  const pieces: Buffer[] = [];
  let headers: Record<string, unknown> = {};
  stream.on("response", (first) => Object.assign(headers, first));
  stream.on("trailers", (last) => Object.assign(headers, last));
  stream.on("error", () => undefined);
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  await new Promise((resolve) => stream.once("close", resolve));
  headers = { ...headers };
  const details = headers["grpc-status-details-bin"];
  return {
    status: Number(headers[":status"]),
    body: Buffer.concat(pieces),
    grpc: headers["grpc-status"] as string | undefined,
    message: decodeURIComponent(String(headers["grpc-message"] ?? "")),
    details:
      details === undefined ? undefined : decodeMessage(RPC_STATUS, Buffer.from(String(details), "base64")),
  };
}

async function send(session: ClientHttp2Session, body: Uint8Array, headers = {}): Promise<Answer> {
  const stream = open(session, headers);
  const answered = answer(stream);
  stream.end(body);
  return answered;
}

test("each signal has its method, and an answer of one empty message", async (t) => {
  const { grpcPort, received } = await testReceivers(t);
  const session = client(t, grpcPort);
  for (const [service, signal] of [
    ["trace.v1.TraceService", "traces"],
    ["logs.v1.LogsService", "logs"],
    ["metrics.v1.MetricsService", "metrics"],
  ]) {
    const path = `/opentelemetry.proto.collector.${service}/Export`;
    const { status, grpc, body } = await send(session, framed(Buffer.from(signal!)), { ":path": path });
    assert.deepEqual([status, grpc, body], [200, "0", Buffer.alloc(5)]);
    assert.equal(received.at(-1)?.signal, signal);
    assert.equal(String(received.at(-1)?.body), signal);
  }
});

test("an empty message is a request too", async (t) => {
  const { grpcPort, received } = await testReceivers(t);
  assert.equal((await send(client(t, grpcPort), framed(Buffer.alloc(0)))).grpc, "0");
  assert.equal(received[0]?.body.length, 0);
});

test("a message may be split over frames at any byte", async (t) => {
  const { grpcPort, received } = await testReceivers(t);
  const session = client(t, grpcPort);
  const message = framed(Buffer.from("0123456789"));
  for (let at = 0; at <= message.length; at++) {
    const stream = open(session);
    const answered = answer(stream);
    await new Promise((resolve) => stream.write(message.subarray(0, at), resolve));
    await new Promise((resolve) => setImmediate(resolve));
    stream.end(message.subarray(at));
    assert.equal((await answered).grpc, "0", `split at ${at}`);
    assert.equal(String(received.at(-1)?.body), "0123456789");
  }
  const bytewise = open(session);
  const answered = answer(bytewise);
  for (const byte of message) await new Promise((resolve) => bytewise.write(Buffer.from([byte]), resolve));
  bytewise.end();
  assert.equal((await answered).grpc, "0");
});

test("a message of 20 MiB arrives whole, and many at once stay apart", async (t) => {
  const { grpcPort, received } = await testReceivers(t);
  const session = client(t, grpcPort);
  const large = Buffer.alloc(20 * MIB, "large");
  assert.equal((await send(session, framed(large))).grpc, "0");
  assert.ok(received[0]?.body.equals(large));
  const bodies = Array.from({ length: 200 }, (_, i) => Buffer.alloc(i * 300, `${i},`));
  const answers = await Promise.all(bodies.map((body) => send(session, framed(body))));
  assert.ok(answers.every(({ grpc }) => grpc === "0"));
  const sent = new Set(bodies.map(String));
  assert.ok(received.slice(1).every(({ body }) => sent.delete(String(body))));
  assert.equal(sent.size, 0);
});

test("gzip, deflate and zstd are undone; another compression is refused with the names of these", async (t) => {
  const { grpcPort, received, reasons } = await testReceivers(t);
  const session = client(t, grpcPort);
  const text = Buffer.alloc(500_000, "compressed text ");
  for (const [encoding, body] of [
    ["gzip", gzipSync(text)],
    ["gzip", gzipSync(text.subarray(0, 5_000))],
    ["deflate", deflateSync(text)],
    ["zstd", zstdCompressSync(text)],
  ] as const) {
    const { grpc } = await send(session, framed(body, 1), { "grpc-encoding": encoding });
    assert.equal(grpc, "0", encoding);
    assert.ok(text.subarray(0, received.at(-1)!.body.length).equals(received.at(-1)!.body));
  }
  assert.equal(received[0]?.body.length, text.length);
  // The flag decides, not the header.
  assert.equal((await send(session, framed(text), { "grpc-encoding": "gzip" })).grpc, "0");
  const refused = await send(session, framed(text), { "grpc-encoding": "snappy" });
  assert.equal(refused.grpc, "12");
  assert.match(refused.message, /snappy.*gzip, zstd, deflate/);
  assert.equal((await send(session, framed(text, 1))).grpc, "13");
  assert.deepEqual(reasons().sort(), ["malformed_grpc", "unsupported_body"]);
});

test("what is not gzip although it says so, or ends too early, is an invalid argument", async (t) => {
  const { grpcPort, received } = await testReceivers(t);
  const session = client(t, grpcPort);
  for (const body of [
    Buffer.from("no gzip at all, but long enough"),
    gzipSync(Buffer.alloc(900, "x")).subarray(0, 20),
  ]) {
    const { grpc, message } = await send(session, framed(body, 1), { "grpc-encoding": "gzip" });
    assert.equal(grpc, "3");
    assert.match(message, /gzip/);
  }
  assert.equal(received.length, 0);
});

test("a message above the limit is refused before it is sent, a bomb while it inflates", async (t) => {
  const { grpcPort, received } = await testReceivers(t);
  const session = client(t, grpcPort);
  const prefix = Buffer.from([0, 0, 0, 0, 0]);
  prefix.writeUInt32BE(64 * MIB + 1, 1);
  const stream = open(session);
  const answered = answer(stream);
  stream.write(prefix);
  const refused = await answered;
  assert.deepEqual([refused.grpc, refused.details], ["8", undefined]);

  const bomb = gzipSync(Buffer.alloc(64 * MIB + 1));
  const { grpc, message, details } = await send(session, framed(bomb, 1), { "grpc-encoding": "gzip" });
  assert.deepEqual([grpc, details], ["8", undefined]);
  assert.match(message, /64 MiB after decompression/);
  assert.equal(received.length, 0);
  const fits = gzipSync(Buffer.alloc(64 * MIB));
  assert.equal((await send(session, framed(fits, 1), { "grpc-encoding": "gzip" })).grpc, "0");
  assert.equal(received[0]?.body.length, 64 * MIB);
});

test("a request without a whole message, or with more than one, is an invalid argument", async (t) => {
  const { grpcPort, received } = await testReceivers(t);
  const session = client(t, grpcPort);
  const whole = framed(Buffer.from("message"));
  for (const [body, why] of [
    ["", /0 of the 5 bytes/],
    [whole.subarray(0, 3), /3 of the 5 bytes/],
    [whole.subarray(0, 9), /4 of the message's 7 bytes/],
    [Buffer.concat([whole, whole]), /second message/],
    [Buffer.from([7, 0, 0, 0, 0]), /not with 7/],
  ] as const) {
    const { grpc, message } = await send(session, Buffer.from(body));
    assert.ok(grpc === "3" || grpc === "13");
    assert.match(message, why);
  }
  const ended = session.request(
    { ":method": "POST", ":path": TRACES, "content-type": "application/grpc" },
    { endStream: true },
  );
  assert.equal((await answer(ended)).grpc, "3");
  assert.equal(received.length, 0);
});

test("rejected records are told as partial success", async (t) => {
  const { grpcPort } = await testReceivers(t, {
    accept: async () => ({ ...TAKEN, rejected: 2, message: "2 spans rejected; first: zero id" }),
  });
  const { grpc, body } = await send(client(t, grpcPort), framed(Buffer.from("x")));
  assert.equal(grpc, "0");
  assert.equal(body.readUInt32BE(1), body.length - 5);
  assert.deepEqual(decodeMessage(RESPONSES.traces, body.subarray(5)), {
    partialSuccess: { rejectedSpans: "2", errorMessage: "2 spans rejected; first: zero id" },
  });
});

test("each failure has the status that OTLP gives it, and a delay where trying again helps", async (t) => {
  let failure: unknown;
  const { grpcPort, errors, events } = await testReceivers(t, {
    async accept() {
      throw failure;
    },
  });
  const session = client(t, grpcPort);
  const fail = (error: unknown) => {
    failure = error;
    return send(session, framed(Buffer.from("{}")));
  };
  const malformed = await fail(new MalformedOtlp("truncated varint at byte 3 ä%"));
  assert.deepEqual([malformed.grpc, malformed.details], ["3", undefined]);
  assert.match(malformed.message, /truncated varint at byte 3 ä%.*looks like JSON/);
  for (const error of [
    new Overloaded("full", 1_500),
    new Overloaded("busy", 1_500, 429),
    new DiskFull("/data"),
  ]) {
    const { grpc, details } = await fail(error);
    assert.equal(grpc, "14");
    assert.deepEqual(Object.keys(details ?? {}), ["code", "message", "details"]);
  }
  const bug = await fail(new TypeError("secret detail"));
  assert.equal(bug.grpc, "13");
  assert.doesNotMatch(bug.message, /secret/);
  assert.equal(errors.length, 1);
  assert.equal(events.counters().refused, 5);
});

test("an unknown method is unimplemented, and the health service says serving", async (t) => {
  const { grpcPort, received } = await testReceivers(t);
  const session = client(t, grpcPort);
  const unknown = await send(session, framed(Buffer.from("x")), { ":path": "/no.Such/Method" });
  assert.equal(unknown.grpc, "12");
  assert.match(unknown.message, /no\.Such/);
  const health = await send(session, framed(Buffer.alloc(0)), { ":path": "/grpc.health.v1.Health/Check" });
  assert.deepEqual([health.grpc, health.body], ["0", Buffer.from([0, 0, 0, 0, 2, 8, 1])]);
  assert.equal(received.length, 0);
});

test("what is not gRPC gets 415 and the way to the other port", async (t) => {
  const { grpcPort, httpPort, reasons } = await testReceivers(t);
  const session = client(t, grpcPort);
  for (const type of ["application/x-protobuf", "application/grpc-web", "text/plain"]) {
    const { status, body } = await send(session, Buffer.from("x"), { "content-type": type });
    assert.equal(status, 415);
    assert.match(String(body), new RegExp(`port ${httpPort}`));
  }
  assert.deepEqual(reasons(), ["not_grpc"]);
});

test("without the right token nothing is taken", async (t) => {
  const { grpcPort, received } = await testReceivers(t, { token: "correct-horse" });
  const session = client(t, grpcPort);
  for (const authorization of ["", "Bearer wrong-horse", "correct-horse", "Bearer correct-horse-2"]) {
    const headers: Record<string, string> = authorization === "" ? {} : { authorization };
    assert.equal((await send(session, framed(Buffer.from("x")), headers)).grpc, "16");
  }
  assert.equal(received.length, 0);
  const right = { authorization: "bearer correct-horse" };
  assert.equal((await send(session, framed(Buffer.from("x")), right)).grpc, "0");
});

test("a deadline that passes ends the call, before or after its message is whole", async (t) => {
  const { grpcPort, received, reasons } = await testReceivers(t, {
    accept: () => new Promise(() => undefined),
  });
  const session = client(t, grpcPort);
  const stuck = await send(session, framed(Buffer.from("x")), { "grpc-timeout": "80m" });
  assert.equal(stuck.grpc, "4");
  const slow = open(session, { "grpc-timeout": "80000u" });
  const answered = answer(slow);
  slow.write(framed(Buffer.from("never whole")).subarray(0, 8));
  assert.equal((await answered).grpc, "4");
  assert.equal(received.length, 1);
  assert.deepEqual(reasons(), ["timeout"]);
});

test("a client that cancels or vanishes leaves nothing behind, and the others are served", async (t) => {
  const { grpcPort, received, errors } = await testReceivers(t);
  const leaving = client(t, grpcPort);
  const cancelled = open(leaving);
  cancelled.on("error", () => undefined);
  await new Promise((resolve) =>
    cancelled.write(framed(Buffer.alloc(200_000)).subarray(0, 100_000), resolve),
  );
  cancelled.close(8);
  const vanishing = client(t, grpcPort);
  const lost = open(vanishing);
  lost.on("error", () => undefined);
  await new Promise((resolve) => lost.write(framed(Buffer.alloc(200_000)).subarray(0, 100_000), resolve));
  vanishing.destroy();
  assert.equal((await send(leaving, framed(Buffer.from("fine")))).grpc, "0");
  assert.equal(received.length, 1);
  assert.deepEqual(errors, []);
});

test("what is being received at once is bounded, whatever clients announce", async (t) => {
  const { grpcPort } = await testReceivers(t, { maxBodyBytes: 60 * MIB });
  const session = client(t, grpcPort);
  // Three bodies, each just short of whole, are more than the 128 MiB set aside.
  const almost = framed(Buffer.alloc(60 * MIB)).subarray(0, 50 * MIB);
  const streams = [0, 1, 2].map(() => open(session));
  const answers = streams.map(answer);
  for (const stream of streams) stream.write(almost);
  const { grpc, details } = await Promise.race(answers);
  assert.equal(grpc, "14");
  assert.ok(details !== undefined);
  for (const stream of streams) stream.close(8);
  await Promise.all(answers);
  assert.equal((await send(session, framed(Buffer.alloc(60 * MIB)))).grpc, "0");
});

test("draining lets requests under way finish and sends clients away", async (t) => {
  const { promise: release, resolve: go } = Promise.withResolvers<void>();
  const receivers = await testReceivers(t, {
    async accept() {
      await release;
      return TAKEN;
    },
  });
  const session = client(t, receivers.grpcPort);
  const goaway = new Promise((resolve) => session.once("goaway", resolve));
  const pending = send(session, framed(Buffer.from("x")));
  while (receivers.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const drained = receivers.drain(10_000);
  await goaway;
  const late = connectTcp(receivers.grpcPort, "127.0.0.1");
  await assert.rejects(new Promise((_, reject) => late.once("error", reject)), /ECONNREFUSED/);
  go();
  assert.equal((await pending).grpc, "0");
  await drained;
});

test("draining waits no longer than it is told", async (t) => {
  const receivers = await testReceivers(t, { accept: () => new Promise(() => undefined) });
  const session = client(t, receivers.grpcPort);
  const pending = send(session, framed(Buffer.from("x")));
  while (receivers.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await receivers.drain(50);
  assert.equal((await pending).grpc, undefined);
});

test("pings are answered", async (t) => {
  const { grpcPort } = await testReceivers(t);
  const session = client(t, grpcPort);
  await new Promise((resolve) => session.once("connect", resolve));
  const error = await new Promise((resolve) => session.ping(resolve));
  assert.equal(error, null);
});
