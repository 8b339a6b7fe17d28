import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startKafka } from "../harness/brokers.ts";
import { noPython, pythonSetup } from "../harness/python-environment.ts";
import { assertOneTrace } from "../harness/queue-agent.ts";
import { assertProcess, processOf } from "./kafka-process.ts";
import { runQueueAgent } from "./queue-agent.ts";

const LIST = { list: "kafka-asyncio.txt" };
const skip = (await noPython(LIST)) ?? false;

const source = (port: number) => `
server = "127.0.0.1:${port}"
topic = "plans"
own = [("own", b"1")]
import asyncio, logging
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from confluent_kafka.aio import AIOConsumer

logging.getLogger("aiokafka").setLevel(logging.CRITICAL)

async def main():
    producer = AIOKafkaProducer(bootstrap_servers=server)
    await producer.start()
    with request():
        for name in ("one", "two", "three", "four"):
            await producer.send_and_wait(topic, name.encode(), b"k", headers=own)
    await producer.stop()
    worker = AIOKafkaConsumer(topic, bootstrap_servers=server, group_id="workers", auto_offset_reset="earliest")
    await worker.start()
    async for message in worker:
        await asyncio.sleep(0)
        step("handle " + message.value.decode())
        if message.value == b"two":
            break
    step("outside")
    message = await worker.getone()
    step("handle three")
    while message.value != b"four":
        for messages in (await worker.getmany(timeout_ms=1000)).values():
            for message in messages:
                step("handle four")
    await worker.stop()
    last = AIOConsumer({"bootstrap.servers": server, "group.id": "others", "auto.offset.reset": "earliest"})
    await last.subscribe([topic])
    for name in ("one", "two"):
        message = None
        while message is None or message.error():
            message = await last.poll(1)
        await asyncio.sleep(0)
        step("again " + name)
    await last.close()
    step("outside")

asyncio.run(main())
`;

test(
  "Kafka with asyncio, by aiokafka and confluent-kafka: loops and polls run in the context of their message",
  {
    skip,
    timeout: 120_000,
  },
  (t) =>
    withBroker(t, startKafka, async ({ port }) => {
      const { spans } = await runQueueAgent(source(port), { setup: await pythonSetup(LIST) });

      const outside = spans.filter(({ name }) => name === "outside");
      assert.deepEqual(
        outside.map(({ parentSpanId, attributes }) => [parentSpanId, attributes["session.id"]]),
        [
          [undefined, undefined],
          [undefined, undefined],
        ],
      );
      assertOneTrace(spans.filter(({ name }) => name !== "outside"));
      for (const [offset, name] of ["one", "two", "three", "four"].entries()) {
        assertProcess(processOf(spans, `handle ${name}`), "plans", offset);
      }
      for (const [offset, name] of ["again one", "again two"].entries()) {
        const { attributes } = processOf(spans, name);
        assert.equal(attributes["messaging.consumer.group.name"], "others");
        assert.equal(attributes["messaging.kafka.offset"], offset);
      }
      const processed = spans.filter(({ name }) => name === "process plans");
      assert.equal(processed.length, 6);
    }),
);
