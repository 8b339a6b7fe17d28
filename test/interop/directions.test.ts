import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startKafka, startRabbitMq } from "../harness/brokers.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";
import { noPython } from "../harness/python-environment.ts";
import {
  assertOneTrace,
  CONSUMER,
  only,
  PRODUCER,
  runQueueAgent as runNode,
} from "../harness/queue-agent.ts";
import { runQueueAgent as runPython } from "../python/queue-agent.ts";

const skip = (await noPython()) ?? false;

/** That each of these steps was made for a message of the service `from`, in the service `to`. */
function assertHandled(
  spans: readonly ReceivedSpan[],
  names: readonly string[],
  from: string,
  to: string,
): void {
  for (const name of names) {
    const step = only(spans, name, (span) => span.name === name);
    const processed = only(spans, "process", ({ spanId }) => spanId === step.parentSpanId);
    const sent = only(spans, "send", ({ spanId }) => spanId === processed.parentSpanId);
    assert.deepEqual(
      [sent.service, sent.kind, processed.service, processed.kind],
      [from, PRODUCER, to, CONSUMER],
    );
    assert.ok(
      BigInt(processed.startTimeUnixNano ?? 0) - BigInt(sent.startTimeUnixNano ?? 0) >= QUEUED_NS,
      "the time in the queue is between the two",
    );
  }
}

/** Everything waits in its queue until the next agent has started, which takes longer than this. */
const QUEUED_NS = 20_000_000n;

test("RabbitMQ: Python to Node and Node to Python", { skip, timeout: 120_000 }, (t) =>
  withBroker(t, startRabbitMq, async ({ port }) => {
    const url = `amqp://guest:guest@127.0.0.1:${port}/`;
    const first = await runPython(
      `
import asyncio, aio_pika, pika

async def later():
    async with await aio_pika.connect("${url}") as connection:
        channel = await connection.channel()
        await channel.default_exchange.publish(aio_pika.Message(b"aio-pika"), "to-node")

with request():
    with pika.BlockingConnection(pika.URLParameters("${url}%2F")) as connection:
        channel = connection.channel()
        channel.queue_declare("to-node")
        channel.basic_publish("", "to-node", b"pika")
    asyncio.run(later())
`,
      { env: { OTEL_SERVICE_NAME: "first" } },
    );
    const second = await runNode({
      kind: "esm",
      imports: { amqp: "amqplib" },
      env: { OTEL_SERVICE_NAME: "second" },
      body: `
const connection = await amqp.connect("${url}");
const channel = await connection.createConfirmChannel();
for (const queue of ["to-pika", "to-aio-pika"]) await channel.assertQueue(queue);
const done = Promise.withResolvers();
let count = 0;
await channel.consume("to-node", (message) => {
  step("node handles " + message.content);
  channel.sendToQueue("to-" + message.content, message.content);
  channel.ack(message);
  if (++count === 2) done.resolve();
});
await done.promise;
await channel.waitForConfirms();
await connection.close();`,
    });
    const third = await runPython(
      `
import asyncio, aio_pika, pika

async def later():
    async with await aio_pika.connect("${url}") as connection:
        channel = await connection.channel()
        queue = await channel.get_queue("to-aio-pika")
        async with queue.iterator() as messages:
            async for message in messages:
                step("aio-pika handles " + message.body.decode())
                await message.ack()
                break

with pika.BlockingConnection(pika.URLParameters("${url}%2F")) as connection:
    channel = connection.channel()
    for method, _, body in channel.consume("to-pika", auto_ack=True):
        step("pika handles " + body.decode())
        break
asyncio.run(later())
`,
      { env: { OTEL_SERVICE_NAME: "third" } },
    );
    const spans = [...first.spans, ...second.spans, ...third.spans];
    assertOneTrace(spans);
    assertHandled(spans, ["node handles pika", "node handles aio-pika"], "first", "second");
    assertHandled(spans, ["pika handles pika", "aio-pika handles aio-pika"], "second", "third");
  }),
);

test("Kafka: Python to Node and Node to Python", { skip, timeout: 120_000 }, (t) =>
  withBroker(t, startKafka, async ({ port }) => {
    const server = `127.0.0.1:${port}`;
    const first = await runPython(
      `
from confluent_kafka import Producer
from kafka import KafkaProducer

with request():
    producer = KafkaProducer(bootstrap_servers="${server}")
    producer.send("to-node", b"kafka-python").get(10)
    producer.close()
    producer = Producer({"bootstrap.servers": "${server}"})
    producer.produce("to-node", b"confluent-kafka")
    producer.flush(10)
`,
      { env: { OTEL_SERVICE_NAME: "first" } },
    );
    const second = await runNode({
      kind: "esm",
      imports: { Kafka: "kafkajs#Kafka" },
      env: { OTEL_SERVICE_NAME: "second", NODE_NO_WARNINGS: "1" },
      body: `
const kafka = new Kafka({ brokers: ["${server}"], logLevel: 0 });
const producer = kafka.producer();
const consumer = kafka.consumer({ groupId: "node" });
await Promise.all([producer.connect(), consumer.connect()]);
await consumer.subscribe({ topic: "to-node", fromBeginning: true });
const done = Promise.withResolvers();
let count = 0;
await consumer.run({ eachMessage: async ({ message }) => {
  step("node handles " + message.value);
  await producer.send({ topic: "to-" + message.value, messages: [{ value: message.value }] });
  if (++count === 2) done.resolve();
} });
await done.promise;
await consumer.disconnect();
await producer.disconnect();`,
    });
    const third = await runPython(
      `
from confluent_kafka import Consumer
from kafka import KafkaConsumer

worker = KafkaConsumer("to-kafka-python", group_id="a", bootstrap_servers="${server}", auto_offset_reset="earliest")
for message in worker:
    step("kafka-python handles " + message.value.decode())
    break
worker.close()
worker = Consumer({"bootstrap.servers": "${server}", "group.id": "b", "auto.offset.reset": "earliest"})
worker.subscribe(["to-confluent-kafka"])
message = None
while message is None or message.error():
    message = worker.poll(1)
step("confluent-kafka handles " + message.value().decode())
worker.close()
`,
      { env: { OTEL_SERVICE_NAME: "third" } },
    );
    const spans = [...first.spans, ...second.spans, ...third.spans];
    assertOneTrace(spans);
    assertHandled(spans, ["node handles kafka-python", "node handles confluent-kafka"], "first", "second");
    const last = ["kafka-python handles kafka-python", "confluent-kafka handles confluent-kafka"];
    assertHandled(spans, last, "second", "third");
  }),
);
