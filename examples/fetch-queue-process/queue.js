import amqp from "amqplib";
import { Kafka, logLevel, Partitioners } from "kafkajs";

const QUEUE = "process_data";

/** The queue between the agents: `send(message)`, `receive(handler)` and `close()`, by the broker that `QUEUE` names. */
export async function openQueue() {
  return process.env.QUEUE === "kafka" ? await openKafka() : await openRabbitMq();
}

async function openRabbitMq() {
  const connection = await amqp.connect(process.env.RABBITMQ_URL);
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue(QUEUE, { durable: true });
  return {
    async send(message) {
      channel.sendToQueue(QUEUE, Buffer.from(JSON.stringify(message)), { persistent: true });
      await channel.waitForConfirms();
    },
    async receive(handle) {
      await channel.consume(QUEUE, async (message) => {
        await handle(JSON.parse(message.content.toString()));
        channel.ack(message);
      });
    },
    close: () => connection.close(),
  };
}

async function openKafka() {
  const kafka = new Kafka({ brokers: [process.env.KAFKA_BROKER], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: QUEUE }] });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const consumer = kafka.consumer({ groupId: "agent-b" });
  await producer.connect();
  return {
    async send(message) {
      await producer.send({ topic: QUEUE, messages: [{ value: JSON.stringify(message) }] });
    },
    async receive(handle) {
      const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
      await consumer.connect();
      await consumer.subscribe({ topic: QUEUE, fromBeginning: true });
      await consumer.run({ eachMessage: ({ message }) => handle(JSON.parse(message.value.toString())) });
      await joined;
    },
    close: () => Promise.all([producer.disconnect(), consumer.disconnect()]),
  };
}
