import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Broker, withBroker } from "../harness/broker.ts";
import { startKafka, startRabbitMq } from "../harness/brokers.ts";
import { noPython } from "../harness/python-environment.ts";
import { assertOneTrace } from "../harness/queue-agent.ts";
import { temporaryFolder } from "../harness/server-process.ts";
import { runQueueAgent } from "./queue-agent.ts";

const skip = (await noPython()) ?? false;

/** The agent says when the broker is to be restarted, and waits for the flag. */
const RESTART = `
def restart():
    say("restart")
    while not os.path.exists(os.environ["FLAG"]):
        time.sleep(0.05)
`;

async function runWithRestart(broker: Broker, source: string): ReturnType<typeof runQueueAgent> {
  const flag = join(temporaryFolder(), "flag");
  let restarted: Promise<void> | undefined;
  const onOutput = (_: unknown, output: string) => {
    if (output.includes("restart")) restarted ??= broker.restart().then(() => writeFileSync(flag, ""));
  };
  const run = await runQueueAgent(RESTART + source, { env: { FLAG: flag }, onOutput });
  await restarted;
  return run;
}

type Run = Awaited<ReturnType<typeof runQueueAgent>>;

/** All spans of a run in the order of their start: kind, name, and whether it failed. */
function steps({ spans }: Run): string[] {
  return spans
    .toSorted((a, b) => Number(BigInt(a.startTimeUnixNano ?? 0) - BigInt(b.startTimeUnixNano ?? 0)))
    .map(({ kind, name, status, attributes }) =>
      [kind, name, ...(status?.code === 2 ? [attributes["error.type"]] : [])].join(" "),
    );
}

const planner = (port: number) => `
import pika
url = "amqp://guest:guest@127.0.0.1:${port}/%2F"
durable = pika.BasicProperties(delivery_mode=2)

def connected():
    while True:
        try:
            connection = pika.BlockingConnection(pika.URLParameters(url))
            channel = connection.channel()
            channel.confirm_delivery()
            for queue in ("plans", "done"):
                channel.queue_declare(queue, durable=True)
            return connection, channel
        except pika.exceptions.AMQPConnectionError:
            time.sleep(0.2)

attempts = []

def handle(channel, method, properties, body):
    attempts.append(body.decode())
    step("handle " + body.decode())
    if attempts == ["one", "two"]:
        restart()
    channel.basic_publish("", "done", body, durable)
    channel.basic_ack(method.delivery_tag)
    if attempts.count("two") == 2:
        channel.stop_consuming()

connection, channel = connected()
with request():
    for name in (b"one", b"two"):
        channel.basic_publish("", "plans", name, durable)
channel.basic_qos(prefetch_count=1)
while attempts.count("two") < 2:
    try:
        channel.basic_consume("plans", handle)
        channel.start_consuming()
    except pika.exceptions.AMQPError:
        connection, channel = connected()
connection.close()
say(attempts)
`;

test(
  "RabbitMQ restarted while a message is handled: it is handled again, and nothing is invented",
  {
    skip,
    timeout: 120_000,
  },
  (t) =>
    withBroker(t, startRabbitMq, async (broker) => {
      const run = await runWithRestart(broker, planner(broker.port));
      const [said, attempts] = run.said as [string, string[]];
      assert.equal(said, "restart");
      // A broker that is killed may have forgotten what was acknowledged a moment ago.
      assert.deepEqual([attempts.slice(0, 2), attempts.at(-1)], [["one", "two"], "two"]);
      assertOneTrace(run.spans);
      assert.deepEqual(steps(run), [
        "2 request",
        "4 publish plans",
        "4 publish plans",
        ...attempts.flatMap((name, index) => {
          const failure = index === 1 ? " StreamLostError" : "";
          return [`5 process plans${failure}`, `1 handle ${name}`, `4 publish done${failure}`];
        }),
      ]);
    }),
);

test(
  "Kafka restarted while a message is handled: producer and consumer go on, each message once",
  {
    skip,
    timeout: 120_000,
  },
  (t) =>
    withBroker(t, startKafka, async (broker) => {
      const run = await runWithRestart(
        broker,
        `
from confluent_kafka import Consumer, Producer
settings = {"bootstrap.servers": "127.0.0.1:${broker.port}", "log_level": 0}
producer = Producer(settings)
consumer = Consumer({**settings, "group.id": "workers", "auto.offset.reset": "earliest"})
consumer.subscribe(["plans"])
with request():
    for name in ("one", "two", "three"):
        producer.produce("plans", name)
    producer.flush(20)
handled = []
while len(handled) < 3:
    message = consumer.poll(1)
    if message is None or message.error():
        continue
    name = message.value().decode()
    handled.append(name)
    step("handle " + name)
    if name == "two":
        restart()
        producer.produce("done", name, on_delivery=lambda error, message: say(["delivered", str(error)]))
        producer.flush(20)
consumer.close()
say(handled)
`,
      );
      assert.deepEqual(run.said, ["restart", ["delivered", "None"], ["one", "two", "three"]]);
      assertOneTrace(run.spans);
      assert.deepEqual(steps(run), [
        "2 request",
        "4 send plans",
        "4 send plans",
        "4 send plans",
        "5 process plans",
        "1 handle one",
        "5 process plans",
        "1 handle two",
        "4 send done",
        "5 process plans",
        "1 handle three",
      ]);
    }),
);
