import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startRabbitMq, startRedis } from "../harness/brokers.ts";
import { noPython } from "../harness/python-environment.ts";
import { assertOneTrace, only } from "../harness/queue-agent.ts";
import { runQueueAgent } from "./queue-agent.ts";

const skip = (await noPython()) ?? false;

const TASKS = `
import os
from celery import Celery
from opentelemetry import trace

app = Celery("tasks", broker=os.environ["BROKER"])
app.conf.broker_connection_retry_on_startup = True
app.conf.worker_redirect_stdouts = False

@app.task(bind=True, max_retries=1)
def add(self, a, b):
    trace.get_tracer("agent").start_span("adding %d" % a).end()
    if a == 2 and self.request.retries == 0:
        raise self.retry(countdown=0)
    print("sum", a + b, flush=True)
    if a == 3:
        raise ValueError("no 3")

@app.task
def first(a):
    add.delay(a, 1)
`;

/** Sends by a task's object and by its name alone, to a worker of two processes. */
const SENDER = `
import subprocess, threading
from celery import Celery
import tasks

options = "--pool=prefork --concurrency=2 --loglevel=ERROR --without-mingle --without-gossip --without-heartbeat"
worker = subprocess.Popen(
    ["celery", "-A", "tasks", "worker", *options.split()],
    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "OTEL_SERVICE_NAME": "worker"})
guard = threading.Timer(40, worker.kill)
guard.daemon = True
guard.start()
stranger = Celery("stranger", broker=os.environ["BROKER"])
with request():
    tasks.first.delay(1)
    stranger.send_task("tasks.add", (2, 2))
    tasks.add.apply_async((3, 3), headers={"own": "1"})
step("outside")
seen = []
for line in worker.stdout:
    if line.startswith("sum"):
        seen.append(line.strip())
    if len(seen) == 3:
        break
worker.terminate()
worker.wait()
say(sorted(seen))
`;

test("Celery", { skip, timeout: 120_000 }, async (t) => {
  const brokers = [
    ["RabbitMQ", startRabbitMq, (port: number) => `amqp://guest:guest@127.0.0.1:${port}//`],
    ["Redis", startRedis, (port: number) => `redis://127.0.0.1:${port}/0`],
  ] as const;
  for (const [name, start, url] of brokers) {
    await t.test(`tasks of a worker with two processes are one trace with their senders, ${name}`, (t) =>
      withBroker(t, start, async ({ port }) => {
        const env = { BROKER: url(port) };
        const { spans, said } = await runQueueAgent(SENDER, { env }, { "tasks.py": TASKS });
        assert.deepEqual(said, [["sum 2", "sum 4", "sum 6"]]);
        const outside = only(spans, "outside", (span) => span.name === "outside");
        assert.deepEqual([outside.parentSpanId, outside.attributes["session.id"]], [undefined, undefined]);
        assertOneTrace(spans.filter((span) => span !== outside));
        const steps = spans
          .filter(({ kind }) => kind === 4 || kind === 5)
          .map(({ service, kind, name }) => `${service} ${kind} ${name}`);
        assert.deepEqual(steps.sort(), [
          "agent 4 apply_async/tasks.add",
          "agent 4 apply_async/tasks.add",
          "agent 4 apply_async/tasks.first",
          "worker 4 apply_async/tasks.add",
          "worker 4 apply_async/tasks.add",
          "worker 5 run/tasks.add",
          "worker 5 run/tasks.add",
          "worker 5 run/tasks.add",
          "worker 5 run/tasks.add",
          "worker 5 run/tasks.first",
        ]);
        for (const span of spans.filter(({ name = "" }) => name.startsWith("adding"))) {
          const run = only(spans, "run", ({ spanId }) => spanId === span.parentSpanId);
          const { "messaging.message.id": id, "celery.state": state, ...attributes } = run.attributes;
          assert.deepEqual(attributes, {
            "messaging.system": "celery",
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "messaging.destination.name": "celery",
            "celery.task_name": "tasks.add",
            "session.id": "s 1",
            ...(state === "FAILURE" ? { "error.type": "ValueError" } : {}),
            ...(state === "RETRY" ? { "celery.retry.reason": attributes["celery.retry.reason"] } : {}),
          });
          assert.equal(run.status?.code ?? 0, state === "FAILURE" ? 2 : 0);
          const sent = only(spans, "send", ({ spanId }) => spanId === run.parentSpanId);
          assert.equal(sent.attributes["messaging.message.id"], id);
        }
      }),
    );
  }
});
