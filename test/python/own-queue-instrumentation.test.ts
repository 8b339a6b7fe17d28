import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startKafka, startRabbitMq } from "../harness/brokers.ts";
import { noPython } from "../harness/python-environment.ts";
import { runQueueAgent } from "./queue-agent.ts";

const skip = (await noPython()) ?? false;

test("an agent that instruments pika itself traces it in place of us, with its hooks", { skip }, (t) =>
  withBroker(t, startRabbitMq, async ({ port }) => {
    const source = (own: string, first = "") => `
import pika
from opentelemetry.instrumentation.pika import PikaInstrumentor
${first}
connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", ${port}))
channel = connection.channel()
${own}
queue = channel.queue_declare("", exclusive=True).method.queue

def handle(channel, method, properties, body):
    step("handle")
    channel.stop_consuming()

with request():
    channel.basic_publish("", queue, b"hello", pika.BasicProperties(headers={}))
channel.basic_consume(queue, handle, auto_ack=True)
channel.start_consuming()
connection.close()
`;
    const hook = "lambda span, body, properties: span.set_attribute('own', body.decode())";
    const ways = [
      source("", `PikaInstrumentor().instrument(publish_hook=${hook})`),
      source(`PikaInstrumentor.instrument_channel(channel, publish_hook=${hook})`),
    ];
    for (const way of ways) {
      const { spans } = await runQueueAgent(way);
      const queued = spans.filter(({ kind }) => kind === 4 || kind === 5);
      const scopes = new Set(queued.map(({ scope }) => scope));
      assert.deepEqual([...scopes], ["opentelemetry.instrumentation.pika.pika_instrumentor"]);
      assert.ok(queued.some(({ kind, attributes }) => kind === 4 && attributes.own === "hello"));
      const received = queued.filter(({ kind }) => kind === 5);
      assert.deepEqual(
        received.map(({ attributes }) => attributes["session.id"]),
        ["s 1"],
      );
    }
  }),
);

test("an agent that instruments confluent-kafka itself traces it in place of us", { skip }, (t) =>
  withBroker(t, startKafka, async ({ port }) => {
    const { spans } = await runQueueAgent(`
from opentelemetry.instrumentation.confluent_kafka import ConfluentKafkaInstrumentor
ConfluentKafkaInstrumentor().instrument()
import confluent_kafka
producer = confluent_kafka.Producer({"bootstrap.servers": "127.0.0.1:${port}"})
with request():
    producer.produce("plans", b"one")
    producer.flush(10)
`);
    assert.deepEqual(
      spans.filter(({ kind }) => kind === 4).map(({ scope }) => scope),
      ["opentelemetry.instrumentation.confluent_kafka"],
    );
  }),
);
