import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startRedis } from "../harness/brokers.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";
import { assertOneTrace, CALLER, CONSUMER, only, PRODUCER, runQueueAgent } from "../harness/queue-agent.ts";

const ioredis = (port: number) => `
const redis = new Redis(${port}, "127.0.0.1");
const stream = "jobs-" + process.pid;
await redis.xgroup("CREATE", stream, "workers", "$", "MKSTREAM");
say(await redis.xreadgroup("GROUP", "workers", "me", "COUNT", 10, "BLOCK", 10, "STREAMS", stream, ">"));
await traced(async () => {
  say(/^\\d+-\\d+$/.test(await redis.xadd(stream, "MAXLEN", "~", 100, "*", "text", "one")));
  await redis.pipeline().xadd(stream, "*", "text", "two", "n", "2").exec();
});
const reply = await redis.xreadgroup("GROUP", "workers", "me", "COUNT", 10, "STREAMS", stream, ">");
for (const [name, entries] of reply) {
  say(name === stream);
  for (const [id, fields] of entries) {
    await new Promise(setImmediate);
    step("handle " + fields[1]);
    say(fields);
  }
}
step("after");
say((await redis.xrange(stream, "-", "+")).map(([, fields]) => fields));
say((await redis.xrangeBuffer(stream, "-", "+")).map(([, fields]) => fields.map(String)));
say((await redis.xautoclaim(stream, "workers", "you", 0, "0"))[1].length);
say((await redis.multi().xrange(stream, "-", "+").exec())[0][1].map(([, fields]) => fields));
await redis.del(stream);
redis.disconnect();`;

const SAID_BY_IOREDIS = [
  null,
  true,
  true,
  ["text", "one"],
  ["text", "two", "n", "2"],
  [
    ["text", "one"],
    ["text", "two", "n", "2"],
  ],
  [
    ["text", "one"],
    ["text", "two", "n", "2"],
  ],
  2,
  [
    ["text", "one"],
    ["text", "two", "n", "2"],
  ],
];

const nodeRedis = (port: number) => `
const redis = createClient({ url: "redis://127.0.0.1:${port}" });
await redis.connect();
const stream = "jobs-" + process.pid;
await redis.xGroupCreate(stream, "workers", "$", { MKSTREAM: true });
say(await redis.xReadGroup("workers", "me", { key: stream, id: ">" }, { COUNT: 10, BLOCK: 10 }));
await traced(async () => {
  say(/^\\d+-\\d+$/.test(await redis.xAdd(stream, "*", { text: "one" })));
  await redis.multi().xAdd(stream, "*", { text: "two", n: "2" }).exec();
});
const reply = await redis.xReadGroup("workers", "me", { key: stream, id: ">" }, { COUNT: 10 });
for (const { name, messages } of reply) {
  say(name === stream);
  for (const { id, message } of messages) {
    await new Promise(setImmediate);
    step("handle " + message.text);
    say({ ...message });
  }
}
step("after");
say((await redis.xRange(stream, "-", "+")).map(({ message }) => message));
say((await redis.sendCommand(["XRANGE", stream, "-", "+"])).map(([, fields]) => fields));
say((await redis.xAutoClaim(stream, "workers", "you", 0, "0")).messages.length);
say((await redis.multi().xRange(stream, "-", "+").exec())[0].map(({ message }) => message));
await redis.del(stream);
await redis.close();`;

const FIELDS = [{ text: "one" }, { text: "two", n: "2" }];
const SAID_BY_REDIS = [null, true, true, ...FIELDS, FIELDS, SAID_BY_IOREDIS[5], 2, FIELDS];

function assertTraced(spans: readonly ReceivedSpan[]): void {
  const after = only(spans, "after", ({ name }) => name === "after");
  assert.notEqual(after.traceId, CALLER.traceId);
  const own = spans.filter(({ traceId }) => traceId === CALLER.traceId);
  assert.equal(own.length, spans.length - 1);
  assertOneTrace(own);
  const sent = own.filter(({ kind }) => kind === PRODUCER);
  assert.equal(sent.length, 2);
  const received = only(own, "receive", ({ name = "" }) => name.startsWith("xreadgroup "));
  assert.equal(received.kind, CONSUMER);
  assert.deepEqual(
    received.links?.map(({ spanId }) => spanId).sort(),
    sent.map(({ spanId }) => spanId).sort(),
  );
  for (const text of ["one", "two"]) {
    const handled = only(own, text, ({ name }) => name === `handle ${text}`);
    const processed = only(own, "process", ({ spanId }) => spanId === handled.parentSpanId);
    assert.equal(processed.kind, CONSUMER);
    assert.equal(processed.attributes["messaging.system"], "redis");
    assert.equal(processed.attributes["messaging.consumer.group.name"], "workers");
    assert.match(String(processed.attributes["messaging.destination.name"]), /^jobs-/);
    assert.match(String(processed.attributes["messaging.message.id"]), /^\d+-\d+$/);
    assert.ok(sent.some(({ spanId }) => spanId === processed.parentSpanId));
  }
}

const IOREDIS = {
  "6": { versions: {}, Redis: "ioredis#Redis" },
  "5": { versions: { ioredis: "ioredis-5" }, Redis: "ioredis#Redis" },
  "4": { versions: { ioredis: "ioredis-4" }, Redis: "ioredis#default" },
};
const REDIS = { "6": {}, "5": { redis: "redis-5" } };

test("Redis streams", { timeout: 60_000 }, (t) =>
  withBroker(t, startRedis, async ({ port }) => {
    for (const kind of ["esm", "cjs"] as const) {
      for (const [version, { versions, Redis }] of Object.entries(IOREDIS)) {
        await t.test(`entries carry the trace and nobody sees it, ioredis ${version} ${kind}`, async () => {
          const imports = { Redis };
          const { spans, said } = await runQueueAgent({ kind, versions, imports, body: ioredis(port) });
          assert.deepEqual(said, SAID_BY_IOREDIS);
          assertTraced(spans);
        });
      }

      for (const [version, versions] of Object.entries(REDIS)) {
        await t.test(`entries carry the trace and nobody sees it, redis ${version} ${kind}`, async () => {
          const imports = { createClient: "redis#createClient" };
          const { spans, said } = await runQueueAgent({ kind, versions, imports, body: nodeRedis(port) });
          assert.deepEqual(said, SAID_BY_REDIS);
          assertTraced(spans);
        });
      }
    }
  }),
);
