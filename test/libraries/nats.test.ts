import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startNats } from "../harness/brokers.ts";
import { assertOneTrace, CONSUMER, only, PRODUCER, runQueueAgent } from "../harness/queue-agent.ts";

const LIBRARIES = {
  "nats 2": {
    imports: { connect: "nats#connect", headers: "nats#headers" },
    jetStream: "const js = nc.jetstream(); const manager = await nc.jetstreamManager();",
  },
  "nats-io 3": {
    imports: {
      connect: "@nats-io/transport-node#connect",
      headers: "@nats-io/transport-node#headers",
      jetstream: "@nats-io/jetstream#jetstream",
      jetstreamManager: "@nats-io/jetstream#jetstreamManager",
    },
    jetStream: "const js = jetstream(nc); const manager = await jetstreamManager(nc);",
  },
};

test("NATS", { timeout: 120_000 }, (t) =>
  withBroker(t, startNats, async ({ port }) => {
    for (const [library, { imports, jetStream }] of Object.entries(LIBRARIES)) {
      for (const kind of ["esm", "cjs"] as const) {
        const setUp = `const nc = await connect({ servers: "127.0.0.1:${port}" });\n`;
        await t.test(`a callback continues the trace and its ids, ${library} ${kind}`, async () => {
          const { spans, said } = await runQueueAgent({
            kind,
            imports,
            body: `${setUp}
const done = Promise.withResolvers();
const sub = nc.subscribe("jobs.*", { callback: (error, message) => { step("handle"); done.resolve(message); } });
const own = headers();
own.append("own", "1");
own.append("own", "2");
await traced(async () => nc.publish("jobs.new", new TextEncoder().encode("hello"), { headers: own }));
const message = await done.promise;
say([message.subject, new TextDecoder().decode(message.data), message.headers.values("own"), own.keys(), sub.getReceived()]);
await nc.close();`,
          });
          assert.deepEqual(said, [["jobs.new", "hello", ["1", "2"], ["own"], 1]]);
          assertOneTrace(spans);
          const sent = only(spans, "publish", (span) => span.kind === PRODUCER);
          const processed = only(spans, "process", (span) => span.kind === CONSUMER);
          const handled = only(spans, "handle", (span) => span.name === "handle");
          assert.equal(processed.parentSpanId, sent.spanId);
          assert.equal(handled.parentSpanId, processed.spanId);
          assert.equal(processed.name, "process jobs.new");
          assert.equal(processed.attributes["messaging.system"], "nats");
          assert.equal(processed.attributes["messaging.message.body.size"], 5);
        });

        await t.test(`a loop handles each message in its own trace, ${library} ${kind}`, async () => {
          const { spans, said } = await runQueueAgent({
            kind,
            imports,
            body: `${setUp}
const sub = nc.subscribe("jobs.loop");
const loop = (async () => {
  for await (const message of sub) {
    await new Promise(setImmediate);
    step("handle " + message.data.length);
    if (message.data.length === 2) break;
  }
  step("after");
})();
const responder = nc.subscribe("ask", { callback: (error, message) => { step("answer"); message.respond("yes"); } });
await traced(async () => {
  nc.publish("jobs.loop", "1");
  const answer = await nc.request("ask", "?", { timeout: 2000 });
  say([new TextDecoder().decode(answer.data), answer.headers === undefined]);
});
nc.publish("jobs.loop", "22");
await loop;
await nc.drain();`,
          });
          assert.deepEqual(said, [["yes", true]]);
          const after = only(spans, "after", (span) => span.name === "after");
          const second = only(spans, "second", (span) => span.name === "handle 2");
          const other = only(
            spans,
            "other",
            (span) => span.name === "publish jobs.loop" && !span.parentSpanId,
          );
          const root = [after.traceId, second.traceId];
          assert.equal(second.traceId, other.traceId);
          assertOneTrace(spans.filter(({ traceId }) => !root.includes(traceId)));
          assert.equal(after.parentSpanId ?? "", "");
          const first = only(spans, "first", (span) => span.name === "handle 1");
          assert.equal(only(spans, "process", ({ spanId }) => spanId === first.parentSpanId).kind, CONSUMER);
          const answered = only(spans, "answer", (span) => span.name === "answer");
          assert.equal(
            only(spans, "ask", ({ spanId }) => spanId === answered.parentSpanId).name,
            "process ask",
          );
        });

        await t.test(`JetStream carries the trace and its ids, ${library} ${kind}`, async () => {
          const { spans, said } = await runQueueAgent({
            kind,
            imports,
            body: `${setUp}${jetStream}
const stream = "S" + process.pid;
await manager.streams.add({ name: stream, subjects: [stream + ".*"] });
await manager.consumers.add(stream, { durable_name: "workers", ack_policy: "explicit" });
await traced(async () => {
  const { seq } = await js.publish(stream + ".a", "hello");
  say(seq);
  await js.publish(stream + ".a", "hello again");
  await js.publish(stream + ".a", "last");
});
const consumer = await js.consumers.get(stream, "workers");
const messages = await consumer.fetch({ max_messages: 1, expires: 2000 });
for await (const message of messages) {
  step("handle");
  message.ack();
}
const done = Promise.withResolvers();
const taken = await consumer.consume({ max_messages: 1, callback: (message) => { step("call"); message.ack(); done.resolve(); } });
await done.promise;
await taken.close();
await manager.streams.delete(stream);
await nc.close();`,
          });
          assert.deepEqual(said, [1]);
          assertOneTrace(spans);
          assert.equal(spans.filter((span) => span.kind === PRODUCER).length, 3);
          for (const name of ["handle", "call"]) {
            const handled = only(spans, name, (span) => span.name === name);
            const processed = only(spans, "process", ({ spanId }) => spanId === handled.parentSpanId);
            assert.equal(processed.kind, CONSUMER);
          }
        });
      }
    }
  }),
);
