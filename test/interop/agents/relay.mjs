// From RabbitMQ to Kafka.
import amqp from "amqplib";
import { Kafka } from "kafkajs";

const kafka = new Kafka({ brokers: [process.env.KAFKA_BROKER], logLevel: 0 });
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic: "trips" }], waitForLeaders: true });
await admin.disconnect();
const producer = kafka.producer();
await producer.connect();
const connection = await amqp.connect(process.env.RABBITMQ_URL);
const channel = await connection.createChannel();
await channel.assertQueue("plans");
await channel.consume("plans", async (message) => {
  await producer.send({ topic: "trips", messages: [{ value: message.content }] });
  channel.ack(message);
});
console.log("ready");
process.once("SIGTERM", async () => {
  await connection.close();
  await producer.disconnect();
});
