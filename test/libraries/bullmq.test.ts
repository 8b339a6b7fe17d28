import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startRedis } from "../harness/brokers.ts";
import { assertOneTrace, CONSUMER, only, PRODUCER, runQueueAgent } from "../harness/queue-agent.ts";

const RUNS = [
  ["6", "esm"],
  ["6", "cjs"],
  ["5", "esm"],
  ["5", "cjs"],
] as const;

test("BullMQ", { timeout: 120_000 }, (t) =>
  withBroker(t, startRedis, async ({ port }) => {
    for (const [version, kind] of RUNS) {
      const versions = version === "6" ? {} : { bullmq: "bullmq-5" };
      const setUp = `
const connection = { host: "127.0.0.1", port: ${port}, maxRetriesPerRequest: null };
const name = "jobs-" + process.pid;
const queue = new Queue(name, { connection });
const run = async (handle, options = {}) => {
  const worker = new Worker(name, handle, { connection, ...options });
  const ended = Promise.withResolvers();
  worker.on("completed", (job, result) => ended.resolve(["completed", job.id, result, job.data]));
  worker.on("failed", (job, error) => ended.resolve(["failed", job.id, error.message, job.data]));
  say(await ended.promise);
  await worker.close();
};
`;
      const imports = { Queue: "bullmq#Queue", Worker: "bullmq#Worker" };
      await t.test(`a worker continues the trace and its ids, bullmq ${version} ${kind}`, async () => {
        const { spans, said } = await runQueueAgent({
          kind,
          versions,
          imports,
          body: `${setUp}
await traced(() => queue.add("summarize", { text: "secret" }, { jobId: "j1" }));
await run(async () => { step("handle"); return "secret too"; });
await queue.close();`,
        });
        assert.deepEqual(said, [["completed", "j1", "secret too", { text: "secret" }]]);
        const own = spans.filter(({ scope }) => scope !== "@opentelemetry/instrumentation-ioredis");
        assertOneTrace(own);
        const sent = only(own, "add", (span) => span.kind === PRODUCER);
        const processed = only(own, "process", (span) => span.kind === CONSUMER);
        const handled = only(own, "handle", (span) => span.name === "handle");
        assert.equal(processed.parentSpanId, sent.spanId);
        assert.equal(handled.parentSpanId, processed.spanId);
        assert.match(String(processed.name), /^process jobs-/);
        assert.equal(processed.attributes["messaging.system"], "bullmq");
        assert.equal(processed.attributes["messaging.message.id"], "j1");
        assert.equal(processed.attributes["bullmq.job.name"], "summarize");
        assert.doesNotMatch(
          JSON.stringify(spans.map(({ attributes, events }) => [attributes, events])),
          /secret/,
        );
      });

      await t.test(
        `a job that fails is an error, its telemetry is the agent's to replace, bullmq ${version} ${kind}`,
        async () => {
          const { spans, said } = await runQueueAgent({
            kind,
            versions,
            imports,
            body: `${setUp}
await queue.addBulk([{ name: "a", data: 1 }]);
await run(async () => { throw new TypeError("no such model"); });
const seen = [];
const span = { setSpanOnContext: (x) => x, setAttribute() {}, setAttributes() {}, addEvent() {}, recordException() {}, end() {} };
const telemetry = {
  tracer: { startSpan(name) { seen.push(name.split(" ")[0]); return span; } },
  contextManager: { with: (_, work) => work(), active: () => ({}), getMetadata: () => "", fromMetadata: () => ({}) },
};
const own = new Queue(name, { connection, telemetry });
await own.add("b", 2);
say(seen);
await own.close();
await queue.close();`,
          });
          assert.deepEqual(said, [["failed", "1", "no such model", 1], ["add"]]);
          const failed = only(spans, "process", (span) => span.kind === CONSUMER);
          assert.equal(failed.attributes["error.type"], "TypeError");
          assert.equal(failed.status?.code, 2);
          const sent = only(spans, "addBulk", (span) => span.kind === PRODUCER);
          assert.equal(failed.parentSpanId, sent.spanId);
        },
      );
    }
  }),
);
