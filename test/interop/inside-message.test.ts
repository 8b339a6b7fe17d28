import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startKafka, startRabbitMq } from "../harness/brokers.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";
import { noPython } from "../harness/python-environment.ts";
import { assertOneTrace, CONSUMER, only, runQueueAgent as runNode } from "../harness/queue-agent.ts";
import { runQueueAgent as runPython } from "../python/queue-agent.ts";

const skip = (await noPython()) ?? false;

/** What agents A write: `message` makes the body of a message that carries its context itself, and nowhere else. */
const PYTHON_SENDER = `
def message():
    carrier = {}
    propagate.inject(carrier)
    return json.dumps({"data": {"id": 1}, "trace_context": carrier}).encode()

fetching = trace.get_tracer("agent").start_as_current_span("fetch_data_from_api")
`;
const NODE_SENDER = `
const message = () => {
  const carrier = {};
  api.propagation.inject(api.context.active(), carrier);
  return Buffer.from(JSON.stringify({ data: { id: 1 }, trace_context: carrier }));
};
const fetching = (work) => api.trace.getTracer("agent").startActiveSpan("fetch_data_from_api", async (span) => {
  await work();
  span.end();
});
`;

/** What agents B write: `process(name, body)` goes on where the carrier says, as `process_data` of seed 002 does. */
const PYTHON_RECEIVER = `
def process(name, body):
    step(name + " handles")
    context = propagate.extract(json.loads(body)["trace_context"])
    with trace.get_tracer("agent").start_as_current_span(name + " processes", context=context):
        pass
`;
const NODE_RECEIVER = `
const process = (name, body) => {
  step(name + " handles");
  const context = api.propagation.extract(api.ROOT_CONTEXT, JSON.parse(body).trace_context);
  api.trace.getTracer("agent").startSpan(name + " processes", {}, context).end();
};
`;

/** That library and agent both went on from the span in which the message was made, in one trace with the ids. */
function assertContinued(sent: readonly ReceivedSpan[], received: readonly ReceivedSpan[], names: string[]) {
  assertOneTrace([...sent, ...received]);
  const fetched = only(sent, "fetch", ({ name }) => name === "fetch_data_from_api");
  assert.deepEqual(
    sent.filter(({ kind }) => kind === 4),
    [],
  );
  for (const name of names) {
    const handled = only(received, name, (span) => span.name === `${name} handles`);
    const consumed = only(received, "process", ({ spanId }) => spanId === handled.parentSpanId);
    assert.deepEqual([consumed.kind, consumed.parentSpanId], [CONSUMER, fetched.spanId]);
    const processed = only(received, name, (span) => span.name === `${name} processes`);
    assert.equal(processed.parentSpanId, fetched.spanId);
  }
}

test(
  "RabbitMQ: a context inside the message, Python to Node and Node to Python",
  {
    skip,
    timeout: 120_000,
  },
  (t) =>
    withBroker(t, startRabbitMq, async ({ port }) => {
      const url = `amqp://guest:guest@127.0.0.1:${port}/`;
      const python = await runPython(
        `${PYTHON_SENDER}
import pika
connection = pika.BlockingConnection(pika.URLParameters("${url}%2F"))
channel = connection.channel()
channel.queue_declare("to-node")
with request(), fetching:
    channel.basic_publish("", "to-node", message())
connection.close()
`,
        { env: { CLEW_DISABLED_LIBRARIES: "pika" } },
      );
      const node = await runNode({
        kind: "esm",
        imports: { amqp: "amqplib" },
        body: `${NODE_RECEIVER}
const connection = await amqp.connect("${url}");
const channel = await connection.createChannel();
const done = Promise.withResolvers();
await channel.consume("to-node", (message) => { process("amqplib", message.content); done.resolve(); }, { noAck: true });
await done.promise;
await connection.close();`,
      });
      assertContinued(python.spans, node.spans, ["amqplib"]);

      const sender = await runNode({
        kind: "esm",
        imports: { amqp: "amqplib" },
        env: { CLEW_DISABLED_LIBRARIES: "amqplib" },
        body: `${NODE_SENDER}
const connection = await amqp.connect("${url}");
const channel = await connection.createConfirmChannel();
await traced(() => fetching(async () => {
  for (const queue of ["to-pika", "to-aio-pika"]) {
    await channel.assertQueue(queue);
    channel.sendToQueue(queue, message());
  }
  await channel.waitForConfirms();
}));
await connection.close();`,
      });
      const receiver = await runPython(`${PYTHON_RECEIVER}
import asyncio, aio_pika, pika

async def later():
    async with await aio_pika.connect("${url}") as connection:
        queue = await (await connection.channel()).get_queue("to-aio-pika")
        async with queue.iterator(no_ack=True) as messages:
            async for message in messages:
                process("aio-pika", message.body)
                break

with pika.BlockingConnection(pika.URLParameters("${url}%2F")) as connection:
    for _, _, body in connection.channel().consume("to-pika", auto_ack=True):
        process("pika", body)
        break
asyncio.run(later())
`);
      assertContinued(sender.spans, receiver.spans, ["pika", "aio-pika"]);
    }),
);

test(
  "Kafka: a context inside the message, Python to Node and Node to Python",
  {
    skip,
    timeout: 120_000,
  },
  (t) =>
    withBroker(t, startKafka, async ({ port }) => {
      const server = `127.0.0.1:${port}`;
      const python = await runPython(
        `${PYTHON_SENDER}
from kafka import KafkaProducer
producer = KafkaProducer(bootstrap_servers="${server}")
with request(), fetching:
    producer.send("to-node", message()).get(10)
producer.close()
`,
        { env: { CLEW_DISABLED_LIBRARIES: "kafka-python" } },
      );
      const kafka = `${NODE_RECEIVER}
const kafka = new Kafka({ brokers: ["${server}"], logLevel: 0 });
`;
      const node = await runNode({
        kind: "esm",
        imports: { Kafka: "kafkajs#Kafka" },
        env: { NODE_NO_WARNINGS: "1" },
        body: `${kafka}
const consumer = kafka.consumer({ groupId: "node" });
await consumer.connect();
await consumer.subscribe({ topic: "to-node", fromBeginning: true });
const done = Promise.withResolvers();
await consumer.run({ eachMessage: async ({ message }) => { process("kafkajs", message.value); done.resolve(); } });
await done.promise;
await consumer.disconnect();`,
      });
      assertContinued(python.spans, node.spans, ["kafkajs"]);

      const sender = await runNode({
        kind: "esm",
        imports: { Kafka: "kafkajs#Kafka" },
        env: { CLEW_DISABLED_LIBRARIES: "kafkajs", NODE_NO_WARNINGS: "1" },
        body: `${NODE_SENDER}
const producer = new Kafka({ brokers: ["${server}"], logLevel: 0 }).producer();
await producer.connect();
await traced(() => fetching(async () => {
  for (const topic of ["to-kafka-python", "to-confluent-kafka"]) {
    await producer.send({ topic, messages: [{ value: message() }] });
  }
}));
await producer.disconnect();`,
      });
      const receiver = await runPython(
        `${PYTHON_RECEIVER}
from confluent_kafka import Consumer
from kafka import KafkaConsumer

worker = KafkaConsumer("to-kafka-python", bootstrap_servers="${server}", auto_offset_reset="earliest",
    value_deserializer=json.loads)
for message in worker:
    process("kafka-python", json.dumps(message.value))
    break
worker.close()
worker = Consumer({"bootstrap.servers": "${server}", "group.id": "b", "auto.offset.reset": "earliest"})
worker.subscribe(["to-confluent-kafka"])
message = None
while message is None or message.error():
    message = worker.poll(1)
process("confluent-kafka", message.value())
worker.close()
`,
        // A function as deserializer is an old way, which still works.
        { env: { PYTHONWARNINGS: "ignore" } },
      );
      assertContinued(sender.spans, receiver.spans, ["kafka-python", "confluent-kafka"]);
    }),
);
