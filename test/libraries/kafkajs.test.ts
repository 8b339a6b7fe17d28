import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startKafka } from "../harness/brokers.ts";
import { assertOneTrace, CONSUMER, only, PRODUCER, runQueueAgent } from "../harness/queue-agent.ts";

const RUNS = [
  ["2", "esm"],
  ["2", "cjs"],
  ["1", "esm"],
  ["1", "cjs"],
] as const;

const setUp = (port: number) => `
const kafka = new Kafka({ brokers: ["127.0.0.1:${port}"], logLevel: 0 });
const topic = "jobs-" + process.pid;
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
await admin.disconnect();
const producer = kafka.producer();
const consumer = kafka.consumer({ groupId: "workers-" + process.pid });
await Promise.all([producer.connect(), consumer.connect()]);
await consumer.subscribe({ topic, fromBeginning: true });
const received = [];
const all = Promise.withResolvers();
const got = (message) => {
  step("handle " + message.value);
  received.push([String(message.key), String(message.value), Object.keys(message.headers ?? {}).sort()]);
  if (received.length === 2) all.resolve();
};
`;
const TEAR_DOWN = `
await Promise.race([all.promise, new Promise((_, reject) => setTimeout(reject, 20000, new Error("nothing came")).unref())]);
await consumer.disconnect();
await producer.disconnect();
say(received);
`;

test("Kafka", { timeout: 180_000 }, (t) =>
  withBroker(t, startKafka, async ({ port }) => {
    for (const [version, kind] of RUNS) {
      const versions = version === "2" ? {} : { kafkajs: "kafkajs-1" };
      // kafkajs has Node 24 warn of a negative timeout, traced or not.
      const common = { kind, versions, imports: { Kafka: "kafkajs#Kafka" }, env: { NODE_NO_WARNINGS: "1" } };
      await t.test(
        `a message carries the trace and its ids to eachMessage, kafkajs ${version} ${kind}`,
        async () => {
          const { spans, said } = await runQueueAgent({
            ...common,
            body: `${setUp(port)}
const frozen = Object.freeze({ key: "k", value: "one", headers: Object.freeze({ own: "1" }) });
await consumer.run({ eachMessage: async ({ message }) => got(message) });
await traced(async () => {
  say(Object.keys((await producer.send({ topic, messages: [frozen] }))[0]).includes("topicName"));
  await producer.sendBatch({ topicMessages: [{ topic, messages: [{ key: "k", value: "two" }] }] });
});
say(Object.keys(frozen.headers));
${TEAR_DOWN}`,
          });
          assert.deepEqual(said, [
            true,
            ["own"],
            [
              ["k", "one", ["baggage", "own", "traceparent"]],
              ["k", "two", ["baggage", "traceparent"]],
            ],
          ]);
          assertOneTrace(spans);
          const sent = spans.filter(({ kind }) => kind === PRODUCER);
          assert.equal(sent.length, 2);
          for (const name of ["handle one", "handle two"]) {
            const handled = only(spans, name, (span) => span.name === name);
            const process = only(spans, "process", ({ spanId }) => spanId === handled.parentSpanId);
            assert.equal(process.kind, CONSUMER);
            assert.ok(sent.some(({ spanId }) => spanId === process.parentSpanId));
            const { attributes } = process;
            assert.equal(process.name, `process ${attributes["messaging.destination.name"]}`);
            assert.equal(attributes["messaging.system"], "kafka");
            assert.equal(attributes["messaging.operation.type"], "process");
            assert.equal(attributes["messaging.destination.partition.id"], "0");
            assert.equal(attributes["messaging.kafka.message.key"], "k");
            assert.match(String(attributes["messaging.consumer.group.name"]), /^workers-/);
          }
        },
      );

      await t.test(
        `a batch links to its messages, and each is handled in its own trace, kafkajs ${version} ${kind}`,
        async () => {
          const { spans, said } = await runQueueAgent({
            ...common,
            body: `${setUp(port)}
await traced(() => producer.send({ topic, messages: [{ key: "k", value: "one" }] }));
await producer.send({ topic, messages: [{ key: "k", value: "two" }] });
await consumer.run({ eachBatch: async ({ batch }) => { for (const message of batch.messages) got(message); } });
${TEAR_DOWN}`,
          });
          assert.equal((said[0] as unknown[]).length, 2);
          const sent = spans
            .filter(({ kind }) => kind === PRODUCER)
            .sort((a, b) => Number(BigInt(a.startTimeUnixNano ?? 0) - BigInt(b.startTimeUnixNano ?? 0)));
          const batches = spans.filter(({ attributes }) => "messaging.batch.message_count" in attributes);
          const links = batches.flatMap((batch) => [
            ...(batch.links ?? []).map(({ spanId }) => spanId),
            ...(batch.attributes["messaging.batch.message_count"] === 1 ? [batch.parentSpanId] : []),
          ]);
          assert.deepEqual(links.sort(), sent.map(({ spanId }) => spanId).sort());
          for (const [index, name] of ["handle one", "handle two"].entries()) {
            const handled = only(spans, name, (span) => span.name === name);
            assert.equal(handled.traceId, sent[index]!.traceId);
            assert.equal(handled.attributes["session.id"], index === 0 ? "s 1" : undefined);
          }
        },
      );
    }
  }),
);
