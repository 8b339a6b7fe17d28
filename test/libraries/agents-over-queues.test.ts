import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import { withBroker } from "../harness/broker.ts";
import { startNats, startRabbitMq, startRedis } from "../harness/brokers.ts";

const REQUESTS = 100;

/** front --RabbitMQ--> planner --Redis stream--> worker --NATS--> front; none of them knows of tracing. */
const source = (ports: Readonly<Record<string, number>>) => `
const { fork } = require("node:child_process");
const { once } = require("node:events");
const http = require("node:http");
const net = require("node:net");
const amqp = require("amqplib");
const { Redis } = require("ioredis");
const nats = require("nats");

const role = process.env.ROLE;
const agents = { front, planner, worker };
agents[role ?? "front"]().catch((error) => { console.error(error); process.exitCode = 1; });

async function planner() {
  const connection = await amqp.connect("amqp://127.0.0.1:${ports.rabbitmq}");
  const channel = await connection.createChannel();
  const redis = new Redis(${ports.redis}, "127.0.0.1");
  await channel.assertQueue("plans");
  await channel.consume("plans", async (message) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    await redis.xadd("steps", "*", "n", message.content.toString());
    channel.ack(message);
  });
  process.send("ready");
  await once(process, "message");
  await connection.close();
  redis.disconnect();
  process.disconnect();
}

async function worker() {
  const redis = new Redis(${ports.redis}, "127.0.0.1");
  const connection = await nats.connect({ servers: "127.0.0.1:${ports.nats}" });
  await redis.xgroup("CREATE", "steps", "workers", "$", "MKSTREAM");
  let isOver = false;
  process.once("message", () => { isOver = true; });
  process.send("ready");
  while (!isOver) {
    const reply = await redis.xreadgroup("GROUP", "workers", "me", "COUNT", 7, "BLOCK", 50, "STREAMS", "steps", ">");
    for (const [, entries] of reply ?? []) {
      for (const [id, [, n]] of entries) {
        await redis.xack("steps", "workers", id);
        connection.publish("done", n);
      }
    }
  }
  await connection.drain();
  redis.disconnect();
  process.disconnect();
}

async function front() {
  const others = ["planner", "worker"].map((name) =>
    fork(__filename, { env: { ...process.env, ROLE: name, OTEL_SERVICE_NAME: name } }));
  await Promise.all(others.map((other) => once(other, "message")));
  const connection = await amqp.connect("amqp://127.0.0.1:${ports.rabbitmq}");
  const channel = await connection.createChannel();
  const events = await nats.connect({ servers: "127.0.0.1:${ports.nats}" });
  const waiting = new Map();
  (async () => {
    for await (const message of events.subscribe("done")) waiting.get(message.string()).end("done");
  })();
  const server = http.createServer((request, response) => {
    const n = request.url.slice(1);
    waiting.set(n, response);
    channel.sendToQueue("plans", Buffer.from(n));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  await Promise.all(Array.from({ length: ${REQUESTS} }, async (_, n) => {
    const socket = net.connect(server.address().port, "127.0.0.1");
    socket.write("GET /" + n + " HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nbaggage: session.id=s" + n +
      "\\r\\ntraceparent: 00-" + String(n + 1).padStart(32, "0") + "-00000000000000ff-01\\r\\n\\r\\n");
    await once(socket.resume(), "close");
  }));
  for (const other of others) other.send("end");
  await Promise.all(others.map((other) => once(other, "exit")));
  server.close();
  await connection.close();
  await events.close();
}
`;

test("three agents over three queues", { timeout: 120_000 }, (t) =>
  withBroker(t, startRabbitMq, (rabbitmq) =>
    withBroker(t, startRedis, (redis) =>
      withBroker(t, startNats, async (nats) => {
        const ports = { rabbitmq: rabbitmq.port, redis: redis.port, nats: nats.port };
        const run = await runAgent({ kind: "cjs", source: source(ports), timeoutMs: 60_000 });
        assert.deepEqual([run.code, run.stderr], [0, ""]);
        const known = new Set<string>();
        for (let n = 0; n < REQUESTS; n++) {
          const traceId = String(n + 1).padStart(32, "0");
          known.add(traceId);
          const spans = run.spans.filter((span) => span.traceId === traceId);
          const ids = new Set(["00000000000000ff", ...spans.map(({ spanId }) => spanId)]);
          for (const { name, parentSpanId, attributes } of spans) {
            assert.ok(ids.has(parentSpanId ?? ""), `${name} of ${n} has no parent`);
            assert.equal(attributes["session.id"], `s${n}`, name);
          }
          const steps = spans.map(({ service, kind, name }) => `${service} ${kind} ${name}`).sort();
          const expected = [
            "agent 2 GET",
            "agent 4 publish plans",
            "agent 5 process done",
            "planner 3 XADD",
            "planner 4 xadd steps",
            "planner 5 process plans",
            "worker 3 XACK",
            "worker 4 publish done",
            "worker 5 process steps",
          ];
          assert.deepEqual(
            steps.filter((step) => !step.startsWith("worker 5 xreadgroup")),
            expected,
          );
        }
        const batches = run.spans.filter(
          ({ traceId, name }) => !known.has(traceId ?? "") && name?.startsWith("xread"),
        );
        for (const { links } of batches) {
          assert.ok((links?.length ?? 0) > 1, "a batch of several traces links to its messages");
        }
      }),
    ),
  ),
);
