/**
 * Starts agent A, which fetches data and sends it on by a queue, and agent B, which processes it; has five pieces
 * processed, and stops everything. The first argument is the queue: rabbitmq or kafka. The broker is the one at
 * `RABBITMQ_URL` or `KAFKA_BROKER`; without it one is started, and fetched first where it is not there yet.
 */
import { post } from "../ask.js";
import { beside, withFleet } from "../fleet.js";

const [queue = "rabbitmq"] = process.argv.slice(2);
if (!["rabbitmq", "kafka"].includes(queue)) throw new Error(`The queue is rabbitmq or kafka, not ${queue}`);
const { DATA = "5", RABBITMQ_URL, KAFKA_BROKER } = process.env;
const node = (file) => [process.execPath, beside(import.meta.url, file)];

const { address, stop } = await brokerOf(queue);

try {
  await withFleet(async (fleet) => {
    const env = { QUEUE: queue, ...address };
    const [model, api] = await Promise.all([
      fleet.startModel(beside(import.meta.url, "model.js")),
      fleet.start("data-api", node("data-api.js")),
    ]);
    await fleet.start("agent-b-data-processor", node("agent-b.js"), {
      ...env,
      ANTHROPIC_BASE_URL: model,
      ANTHROPIC_API_KEY: "none",
    });
    const agentA = await fleet.start("agent-a-data-fetcher", node("agent-a.js"), { ...env, API_URL: api });
    for (let number = 1; number <= Number(DATA); number++) {
      const id = String(12344 + number);
      const processed = fleet.until(`processed ${id}`);
      await fetch(`${agentA}/fetch_data_from_api`, post({ id }, { baggage: `task.id=data-${id}` }));
      await processed;
    }
  });
} finally {
  await stop();
}

async function brokerOf(name) {
  const given = name === "kafka" ? { KAFKA_BROKER } : { RABBITMQ_URL };
  if (Object.values(given)[0]) return { address: given, stop: async () => {} };
  console.log(`Starting ${name} ...`);
  const { startKafka, startRabbitMq } = await import("../../test/harness/brokers.ts");
  const broker = await (name === "kafka" ? startKafka() : startRabbitMq());
  const at = `127.0.0.1:${broker.port}`;
  return {
    address: name === "kafka" ? { KAFKA_BROKER: at } : { RABBITMQ_URL: `amqp://${at}` },
    stop: () => broker[Symbol.asyncDispose](),
  };
}
