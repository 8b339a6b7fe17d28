import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startRabbitMq } from "../harness/brokers.ts";
import { assertOneTrace, CONSUMER, only, PRODUCER, runQueueAgent } from "../harness/queue-agent.ts";

const VERSIONS = {
  "2": {},
  "1": { amqplib: "amqplib-1" },
  "0.10": { amqplib: "amqplib-0" },
  "0.8": { amqplib: "amqplib-0.8" },
};

const setUp = (port: number, channel: string) => `
const connection = await amqp.connect("amqp://127.0.0.1:${port}");
const channel = await connection.${channel}();
const { queue } = await channel.assertQueue("", { exclusive: true });
await channel.assertExchange("agents", "topic", { durable: false });
await channel.bindQueue(queue, "agents", "job.*");
const options = Object.freeze({ messageId: "m1", headers: Object.freeze({ own: "1" }) });
`;

test("RabbitMQ", { timeout: 240_000 }, (t) =>
  withBroker(t, startRabbitMq, async ({ port }) => {
    for (const [version, versions] of Object.entries(VERSIONS)) {
      for (const kind of ["esm", "cjs"] as const) {
        const common = { kind, versions, imports: { amqp: "amqplib" } };
        await t.test(`a consumer continues the trace and its ids, amqplib ${version} ${kind}`, async () => {
          const { spans, said } = await runQueueAgent({
            ...common,
            body: `${setUp(port, "createChannel")}
const done = Promise.withResolvers();
await channel.consume(queue, async (message) => {
  await new Promise(setImmediate);
  step("handle");
  channel.ack(message);
  done.resolve(message);
});
await traced(() => say(channel.publish("agents", "job.new", Buffer.from("hello"), options)));
const { content, properties } = await done.promise;
say([content.toString(), properties.messageId, properties.headers.own, Object.keys(options.headers)]);
await connection.close();`,
          });
          assert.deepEqual(said, [true, ["hello", "m1", "1", ["own"]]]);
          assertOneTrace(spans);
          const sent = only(spans, "publish", (span) => span.kind === PRODUCER);
          const received = only(spans, "process", (span) => span.kind === CONSUMER);
          const handled = only(spans, "handle", (span) => span.name === "handle");
          assert.equal(sent.name, "publish agents:job.new");
          assert.equal(received.parentSpanId, sent.spanId);
          assert.equal(handled.parentSpanId, received.spanId);
          const { "messaging.destination.name": destination, ...attributes } = received.attributes;
          assert.match(String(destination), /^agents:job\.new:amq\.gen-/);
          assert.equal(attributes["messaging.system"], "rabbitmq");
          assert.equal(attributes["messaging.operation.type"], "process");
          assert.equal(attributes["messaging.rabbitmq.destination.routing_key"], "job.new");
          assert.equal(attributes["messaging.message.id"], "m1");
          assert.equal(attributes["messaging.message.body.size"], 5);
          assert.equal(attributes["server.port"], port);
        });

        await t.test(`confirms, get and failures stay, amqplib ${version} ${kind}`, async () => {
          const { spans, said } = await runQueueAgent({
            ...common,
            body: `${setUp(port, "createConfirmChannel")}
process.once("unhandledRejection", (error) => say(["unhandled", error.message]));
await traced(async () => {
  const confirmed = Promise.withResolvers();
  channel.sendToQueue(queue, Buffer.from("one"), {}, (error) => confirmed.resolve(error));
  say([await confirmed.promise, channel.publish.length, channel.consume.length]);
  await channel.waitForConfirms();
});
const message = await channel.get(queue, { noAck: true });
say(message.content.toString());
say(await channel.get(queue, { noAck: true }));
await channel.consume(queue, async () => { throw new Error("handler failed"); }, { noAck: true });
channel.sendToQueue(queue, Buffer.from("two"));
await new Promise((resolve) => setTimeout(resolve, 300));
await connection.close();`,
          });
          const [confirmed, ...others] = said;
          assert.deepEqual((confirmed as unknown[])[0], null);
          assert.deepEqual(others, ["one", false, ["unhandled", "handler failed"]]);
          const sent = only(
            spans,
            "publish",
            (span) => span.kind === PRODUCER && (span.parentSpanId ?? "") !== "",
          );
          const got = only(spans, "get", ({ name = "" }) => name.startsWith("get "));
          assert.equal(got.kind, CONSUMER);
          assert.equal(got.parentSpanId, sent?.spanId);
          assert.equal(got.links?.[0]?.spanId, sent?.spanId);
          const failed = only(spans, "process", ({ name = "" }) => name.startsWith("process "));
          assert.equal(failed.attributes["error.type"], "Error");
          assert.equal(failed.status?.code, 2);
        });

        await t.test(`the API of callbacks does the same, amqplib ${version} ${kind}`, async () => {
          const { spans, said } = await runQueueAgent({
            kind,
            versions,
            // Version 0 names no exports, so an import has to say which file it is.
            imports: {
              amqp: `amqplib/callback_api${version.startsWith("0.") ? ".js" : ""}`,
              util: "node:util",
            },
            body: `
const call = (object, name, ...args) => util.promisify(object[name]).call(object, ...args);
const connection = await call(amqp, "connect", "amqp://127.0.0.1:${port}");
const channel = await call(connection, "createChannel");
const { queue } = await call(channel, "assertQueue", "", { exclusive: true });
await traced(async () => {
  channel.sendToQueue(queue, Buffer.from("one"));
  channel.sendToQueue(queue, Buffer.from("two"));
});
let got = false;
while (!got) got = await call(channel, "get", queue, { noAck: true });
say(got.content.toString());
const done = Promise.withResolvers();
const consumed = await call(channel, "consume", queue, (message) => {
  step("handle");
  done.resolve(message.content.toString());
}, { noAck: true });
say([typeof consumed.consumerTag, await done.promise]);
await call(connection, "close");`,
          });
          assert.deepEqual(said, ["one", ["string", "two"]]);
          assertOneTrace(spans);
          const handled = only(spans, "handle", (span) => span.name === "handle");
          assert.equal(
            only(spans, "process", ({ spanId }) => spanId === handled.parentSpanId).kind,
            CONSUMER,
          );
          only(spans, "get", ({ name = "" }) => name.startsWith("get "));
        });
      }
    }
  }),
);
