import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startRabbitMq } from "../harness/brokers.ts";
import { noPython } from "../harness/python-environment.ts";
import { assertOneTrace, CONSUMER, only, PRODUCER } from "../harness/queue-agent.ts";
import { runQueueAgent } from "./queue-agent.ts";

const skip = (await noPython()) ?? false;

const pika = (port: number) => `
import pika
connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", ${port}))
channel = connection.channel()
queue = channel.queue_declare("", exclusive=True).method.queue
channel.exchange_declare("agents", "topic")
channel.queue_bind(queue, "agents", "job.*")
own = {"own": "1"}
properties = pika.BasicProperties(message_id="m1", headers=own)
`;

const aioPika = (port: number, body: string) => `
import asyncio, aio_pika

async def main():
    connection = await aio_pika.connect_robust("amqp://guest:guest@127.0.0.1:${port}/")
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("", exclusive=True)
        exchange = await channel.declare_exchange("agents", "topic")
        await queue.bind(exchange, "job.*")
        own = {"own": "1"}
        message = aio_pika.Message(b"hello", message_id="m1", headers=own)
${body.replaceAll(/^/gm, "        ")}

asyncio.run(main())
`;

test("RabbitMQ", { skip, timeout: 180_000 }, (t) =>
  withBroker(t, startRabbitMq, async ({ port }) => {
    await t.test("pika: a consumer continues the trace and its ids", async () => {
      const { spans, said } = await runQueueAgent(`${pika(port)}
def handle(channel, method, properties, body):
    step("handle")
    say([body.decode(), properties.message_id, sorted(properties.headers)])
    channel.basic_ack(method.delivery_tag)
    channel.stop_consuming()

channel.basic_consume(queue, handle)
with request():
    channel.basic_publish("agents", "job.new", b"hello", properties)
say(own)
channel.start_consuming()
connection.close()
`);
      assert.deepEqual(said, [{ own: "1" }, ["hello", "m1", ["baggage", "own", "traceparent"]]]);
      assertOneTrace(spans);
      const sent = only(spans, "publish", (span) => span.kind === PRODUCER);
      const received = only(spans, "process", (span) => span.kind === CONSUMER);
      const handled = only(spans, "handle", (span) => span.name === "handle");
      assert.equal(sent.name, "publish agents:job.new");
      assert.equal(received.parentSpanId, sent.spanId);
      assert.equal(handled.parentSpanId, received.spanId);
      const { "messaging.destination.name": destination, ...attributes } = received.attributes;
      assert.match(String(destination), /^agents:job\.new:amq\.gen-/);
      assert.equal(received.name, `process ${destination}`);
      assert.deepEqual(attributes, {
        "messaging.system": "rabbitmq",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.rabbitmq.destination.routing_key": "job.new",
        "messaging.message.id": "m1",
        "messaging.message.body.size": 5,
        "server.address": "127.0.0.1",
        "server.port": port,
        "session.id": "s 1",
      });
    });

    await t.test(
      "pika: what follows a fetched message, and a loop's body, belong to the message",
      async () => {
        const { spans, said } = await runQueueAgent(`${pika(port)}
with request():
    for name in ("one", "two", "three", "four"):
        channel.basic_publish("agents", "job.new", name.encode(), properties)
while True:
    method, _, body = channel.basic_get(queue, auto_ack=True)
    if method:
        break
step("after get " + body.decode())
say(channel.basic_get("", auto_ack=True)[2].decode())
for method, _, body in channel.consume(queue, auto_ack=True, inactivity_timeout=5):
    step("in loop " + body.decode())
    if body == b"four":
        break
step("outside")
channel.cancel()
connection.close()
`);
        assert.deepEqual(said, ["two"]);
        const outside = only(spans, "outside", (span) => span.name === "outside");
        assert.equal(outside.parentSpanId, undefined);
        assert.equal(outside.attributes["session.id"], undefined);
        const inside = spans.filter((span) => span !== outside);
        assertOneTrace(inside);
        for (const name of ["after get one", "in loop three", "in loop four"]) {
          const step = only(spans, name, (span) => span.name === name);
          const processed = only(spans, "process", ({ spanId }) => spanId === step.parentSpanId);
          assert.equal(processed.kind, CONSUMER);
          only(
            spans,
            "publish",
            ({ kind, spanId }) => kind === PRODUCER && spanId === processed.parentSpanId,
          );
        }
        assert.equal(spans.filter(({ kind }) => kind === CONSUMER).length, 4);
      },
    );

    await t.test("pika: a get within other work is part of that work, and links to its message", async () => {
      const { spans } = await runQueueAgent(`${pika(port)}
channel.basic_publish("agents", "job.new", b"hello")
with request():
    while not channel.basic_get(queue, auto_ack=True)[0]:
        pass
    step("after")
connection.close()
`);
      const sent = only(spans, "publish", (span) => span.kind === PRODUCER);
      const got = only(spans, "get", (span) => span.kind === CONSUMER);
      const request = only(spans, "request", (span) => span.name === "request");
      assert.equal(got.parentSpanId, request.spanId);
      assert.deepEqual(
        got.links?.map(({ spanId }) => spanId),
        [sent.spanId],
      );
      assert.equal(got.attributes["messaging.operation.type"], "receive");
      assert.equal(only(spans, "after", ({ name }) => name === "after").parentSpanId, request.spanId);
    });

    await t.test("pika: a handler that fails, and a message without context", async () => {
      const { spans, said } = await runQueueAgent(`${pika(port)}
def handle(channel, method, properties, body):
    raise ValueError("handler failed")

channel.basic_consume(queue, handle, auto_ack=True)
channel.confirm_delivery()
channel.basic_publish("agents", "job.new", b"hello", properties, mandatory=True)
try:
    channel.basic_publish("agents", "nowhere", b"hello", mandatory=True)
except pika.exceptions.UnroutableError as error:
    say("unroutable")
try:
    channel.start_consuming()
except ValueError as error:
    say(str(error))
`);
      assert.deepEqual(said, ["unroutable", "handler failed"]);
      const failed = only(spans, "process", (span) => span.kind === CONSUMER);
      assert.deepEqual([failed.attributes["error.type"], failed.status?.code], ["ValueError", 2]);
      const lost = only(spans, "unroutable", ({ name = "" }) => name === "publish agents:nowhere");
      assert.deepEqual([lost.attributes["error.type"], lost.status?.code], ["UnroutableError", 2]);
    });

    await t.test("pika: an asynchronous connection does the same", async () => {
      const { spans } = await runQueueAgent(`
import pika
from pika.adapters.select_connection import SelectConnection

def opened(connection):
    connection.channel(on_open_callback=with_channel)

def with_channel(channel):
    def declared(frame):
        queue = frame.method.queue
        def handle(channel, method, properties, body):
            step("handle")
            channel.connection.close()
        channel.basic_consume(queue, handle, auto_ack=True)
        with request():
            channel.basic_publish("", queue, b"hello")
    channel.queue_declare("", exclusive=True, callback=declared)

connection = SelectConnection(
    pika.ConnectionParameters("127.0.0.1", ${port}), opened,
    on_close_callback=lambda connection, _: connection.ioloop.stop())
connection.ioloop.start()
`);
      assertOneTrace(spans);
      const received = only(spans, "process", (span) => span.kind === CONSUMER);
      assert.equal(received.parentSpanId, only(spans, "publish", ({ kind }) => kind === PRODUCER).spanId);
      assert.equal(only(spans, "handle", ({ name }) => name === "handle").parentSpanId, received.spanId);
    });

    await t.test("aio-pika: a consumer continues the trace and its ids", async () => {
      const { spans, said } = await runQueueAgent(
        aioPika(
          port,
          `done = asyncio.Event()
async def handle(message):
    async with message.process():
        await asyncio.sleep(0)
        step("handle")
        say([message.body.decode(), message.message_id, sorted(message.headers)])
        done.set()
await queue.consume(handle)
with request():
    await exchange.publish(message, "job.new")
say(own)
await done.wait()`,
        ),
      );
      assert.deepEqual(said, [{ own: "1" }, ["hello", "m1", ["baggage", "own", "traceparent"]]]);
      assertOneTrace(spans);
      const sent = only(spans, "publish", (span) => span.kind === PRODUCER);
      const received = only(spans, "process", (span) => span.kind === CONSUMER);
      assert.equal(sent.name, "publish agents:job.new");
      assert.equal(received.parentSpanId, sent.spanId);
      assert.equal(only(spans, "handle", ({ name }) => name === "handle").parentSpanId, received.spanId);
      assert.equal(received.attributes["messaging.message.body.size"], 5);
      assert.equal(received.attributes["server.port"], port);
    });

    await t.test("aio-pika: the body of a loop, and what follows a get, belong to the message", async () => {
      const { spans } = await runQueueAgent(
        aioPika(
          port,
          `with request():
    for name in (b"one", b"two", b"three"):
        await exchange.publish(aio_pika.Message(name), "job.new")
one = await queue.get()
await asyncio.sleep(0)
step("after get")
await one.ack()
async with queue.iterator() as messages:
    async for message in messages:
        async with message.process():
            await asyncio.sleep(0)
            step("in loop " + message.body.decode())
        if message.body == b"three":
            break
step("outside")`,
        ),
      );
      const outside = only(spans, "outside", (span) => span.name === "outside");
      assert.equal(outside.attributes["session.id"], undefined);
      assertOneTrace(spans.filter((span) => span !== outside));
      for (const name of ["after get", "in loop two", "in loop three"]) {
        const step = only(spans, name, (span) => span.name === name);
        const processed = only(spans, "process", ({ spanId }) => spanId === step.parentSpanId);
        assert.equal(processed.kind, CONSUMER);
      }
      assert.equal(spans.filter(({ kind }) => kind === CONSUMER).length, 3);
    });
  }),
);
