import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startKafka } from "../harness/brokers.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";
import { noPython } from "../harness/python-environment.ts";
import { assertOneTrace, CONSUMER, only, PRODUCER } from "../harness/queue-agent.ts";
import { assertProcess, processOf } from "./kafka-process.ts";
import { runQueueAgent } from "./queue-agent.ts";

const skip = (await noPython()) ?? false;

const kafkaPython = (port: number, topic: string) => `
from kafka import KafkaConsumer, KafkaProducer
server = "127.0.0.1:${port}"
topic = "${topic}"
producer = KafkaProducer(bootstrap_servers=server)
own = [("own", b"1")]

def consumer():
    return KafkaConsumer(topic, group_id="workers", bootstrap_servers=server, auto_offset_reset="earliest")
`;

const confluent = (port: number, topic: string) => `
from confluent_kafka import Consumer, Producer
server = "127.0.0.1:${port}"
topic = "${topic}"
producer = Producer({"bootstrap.servers": server})
own = [("own", b"1")]

def consumer(kind=Consumer):
    made = kind({"bootstrap.servers": server, "group.id": "workers", "auto.offset.reset": "earliest"})
    made.subscribe([topic])
    return made

def fetched(worker):
    while True:
        message = worker.poll(10)
        if message is not None and message.error() is None:
            return message
`;

/** That a batch of two traces links to the messages that came with a context, and belongs to neither. */
function assertBatch(spans: readonly ReceivedSpan[]): void {
  const sent = spans.filter(({ kind }) => kind === PRODUCER);
  const polled = spans.filter(({ name = "" }) => name.startsWith("poll "));
  const links = polled.flatMap((span) => span.links ?? []);
  assert.deepEqual(
    links.map(({ spanId }) => spanId),
    sent.map(({ spanId }) => spanId),
  );
  const count = polled.reduce(
    (sum, { attributes }) => sum + Number(attributes["messaging.batch.message_count"]),
    0,
  );
  assert.equal(count, sent.length);
  for (const { links, traceId, attributes } of polled) {
    if ((links?.length ?? 0) < 2) continue;
    assert.ok(sent.every((span) => span.traceId !== traceId));
    assert.equal(attributes["session.id"], undefined);
  }
}

test("Kafka", { skip, timeout: 240_000 }, (t) =>
  withBroker(t, startKafka, async ({ port }) => {
    await t.test("kafka-python: a loop over a consumer runs in the context of each message", async () => {
      const { spans, said } = await runQueueAgent(`${kafkaPython(port, "loop")}
with request():
    producer.send(topic, b"one", b"k", own)
    producer.send(topic, value=b"two", key=b"k").get(10)
say(len(own))
worker = consumer()
for message in worker:
    step("handle " + message.value.decode())
    say([message.value.decode(), sorted(key for key, _ in message.headers)])
    if message.value == b"two":
        break
step("outside")
worker.close()
producer.close()
`);
      assert.deepEqual(said, [
        1,
        ["one", ["baggage", "own", "traceparent"]],
        ["two", ["baggage", "traceparent"]],
      ]);
      const outside = only(spans, "outside", (span) => span.name === "outside");
      assert.equal(outside.attributes["session.id"], undefined);
      assertOneTrace(spans.filter((span) => span !== outside));
      assertProcess(processOf(spans, "handle one"), "loop", 0);
      assertProcess(processOf(spans, "handle two"), "loop", 1);
      assert.equal(spans.filter(({ kind }) => kind === CONSUMER).length, 2);
    });

    await t.test(
      "kafka-python: a batch links to its messages, and each is handled in its trace",
      async () => {
        const { spans, said } = await runQueueAgent(`${kafkaPython(port, "batch")}
with request():
    producer.send(topic, b"one", b"k").get(10)
producer.send(topic, b"two", b"k").get(10)
worker = consumer()
count = 0
while count < 2:
    for place, messages in worker.poll(10_000).items():
        count += len(messages)
        for message in messages:
            step("handle " + message.value.decode())
        say([place.topic, type(messages[0]).__name__, isinstance(messages, list)])
step("outside")
worker.close()
producer.close()
`);
        assert.deepEqual(said[0], ["batch", "ConsumerRecord", true]);
        assertBatch(spans);
        assertProcess(processOf(spans, "handle one"), "batch", 0);
        assert.equal(processOf(spans, "handle two").attributes["session.id"], undefined);
        assert.equal(only(spans, "outside", ({ name }) => name === "outside").parentSpanId, undefined);
      },
    );

    await t.test("confluent-kafka: what follows a poll belongs to its message, until the next", async () => {
      const { spans, said } = await runQueueAgent(`${confluent(port, "polled")}
delivered = lambda error, message: say(["delivered", str(error), message.topic()])
with request():
    producer.produce(topic, b"one", b"k", headers=own, on_delivery=delivered)
    producer.produce(topic, "two", key="k", headers={"own": b"2"})
say([len(own), producer.flush(10)])
worker = consumer()
for name in ("one", "two"):
    message = fetched(worker)
    step("handle " + name)
    say([message.value().decode(), sorted(key for key, _ in message.headers())])
worker.close()
step("outside")
`);
      assert.deepEqual(said, [
        ["delivered", "None", "polled"],
        [1, 0],
        ["one", ["baggage", "own", "traceparent"]],
        ["two", ["baggage", "own", "traceparent"]],
      ]);
      const outside = only(spans, "outside", (span) => span.name === "outside");
      assert.equal(outside.attributes["session.id"], undefined);
      assertOneTrace(spans.filter((span) => span !== outside));
      assertProcess(processOf(spans, "handle one"), "polled", 0);
      assertProcess(processOf(spans, "handle two"), "polled", 1);
    });

    await t.test(
      "confluent-kafka: a batch, a poll within other work, and classes made of its own",
      async () => {
        const { spans, said } = await runQueueAgent(`${confluent(port, "mixed")}
import confluent_kafka
from confluent_kafka import DeserializingConsumer, SerializingProducer, cimpl
from confluent_kafka.serialization import StringDeserializer, StringSerializer
with request():
    producer.produce(topic, b"one", b"k")
    producer.flush(10)
producer.produce(topic, b"two", b"k")
producer.flush(10)
worker = consumer()
count = 0
while count < 2:
    messages = worker.consume(10, 1)
    count += len(messages)
    for message in messages:
        step("handle " + message.value().decode())
serializing = SerializingProducer({"bootstrap.servers": server, "value.serializer": StringSerializer()})
with request():
    serializing.produce(topic, "k", "three")
    serializing.flush(10)
worker.commit(asynchronous=False)
worker.close()
last = DeserializingConsumer({"bootstrap.servers": server, "group.id": "workers",
    "auto.offset.reset": "earliest", "value.deserializer": StringDeserializer()})
last.subscribe([topic])
message = fetched(last)
step("handle three")
say([message.value(), isinstance(last, Consumer), isinstance(last, confluent_kafka.Consumer)])
say([Consumer.__name__, Consumer is cimpl.Consumer])
last.close()
with request({}):
    producer.produce(topic, b"four", b"k")
    producer.flush(10)
    worker = consumer()
    fetched(worker)
    step("in request")
    worker.close()
`);
        assert.deepEqual(said, [
          ["three", true, true],
          ["Consumer", true],
        ]);
        assertProcess(processOf(spans, "handle one"), "mixed", 0);
        assert.equal(processOf(spans, "handle two").attributes["session.id"], undefined);
        assert.equal(processOf(spans, "handle three").attributes["messaging.kafka.offset"], 2);
        const step = only(spans, "in request", ({ name }) => name === "in request");
        const request = only(spans, "request", ({ spanId }) => spanId === step.parentSpanId);
        const polled = only(
          spans,
          "poll",
          ({ kind, parentSpanId }) => kind === CONSUMER && parentSpanId === request.spanId,
        );
        assert.equal(polled.links?.length, 1);
      },
    );
  }),
);

test("what no broker takes is sent in vain, and its span says so", { skip, timeout: 60_000 }, async () => {
  const { spans, said } = await runQueueAgent(`
from confluent_kafka import Producer
producer = Producer({"bootstrap.servers": "127.0.0.1:1", "message.timeout.ms": 300, "log_level": 0})
with request():
    producer.produce("plans", b"one", on_delivery=lambda error, message: say(error.name()))
    producer.flush(10)
    producer.produce("plans", b"two")
`);
  assert.deepEqual(said, ["_MSG_TIMED_OUT"]);
  const sent = spans.filter(({ kind }) => kind === PRODUCER);
  assert.deepEqual(
    sent.map(({ attributes, status }) => [attributes["error.type"], status?.code]),
    [
      ["KafkaException", 2],
      [undefined, undefined],
    ],
  );
});
