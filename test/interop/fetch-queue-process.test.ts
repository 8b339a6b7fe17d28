import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Broker, withBroker } from "../harness/broker.ts";
import { startKafka, startRabbitMq } from "../harness/brokers.ts";
import { Example, spansOf, tracesOf } from "../harness/example.ts";
import { ServerProcess } from "../harness/server-process.ts";

const DATA = 5;

/** Service, kind and name of each span before the name of the span above it; agent A's request is the root. */
const spansWith = (sent: string) => [
  "agent-a-data-fetcher 2 POST /fetch_data_from_api < nothing",
  "agent-a-data-fetcher 3 GET < POST /fetch_data_from_api",
  "data-api 2 GET /data/:id < GET",
  `agent-a-data-fetcher 4 ${sent} < POST /fetch_data_from_api`,
  `agent-b-data-processor 5 process process_data < ${sent}`,
  "agent-b-data-processor 3 chat claude-sonnet-5 < process process_data",
  "agent-b-data-processor 3 POST < chat claude-sonnet-5",
];

interface Queue {
  readonly start: () => Promise<Broker>;
  readonly address: (port: number) => Record<string, string>;
  /** Name of the span of sending, which OpenTelemetry calls after what the library does. */
  readonly sent: string;
}

const QUEUES: Readonly<Record<string, Queue>> = {
  rabbitmq: {
    start: startRabbitMq,
    address: (port) => ({ RABBITMQ_URL: `amqp://127.0.0.1:${port}` }),
    sent: "publish process_data",
  },
  kafka: {
    start: startKafka,
    address: (port) => ({ KAFKA_BROKER: `127.0.0.1:${port}` }),
    sent: "send process_data",
  },
};

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
});

after(() => server[Symbol.asyncDispose]());

for (const [queue, { start, address, sent }] of Object.entries(QUEUES)) {
  test(`fetched by agent A, processed by agent B: one trace over ${queue}, the ids on every span`, (t) =>
    withBroker(t, start, async ({ port }) => {
      const options = ["--session", queue];
      await Example.run("fetch-queue-process", server, { options, args: [queue], env: address(port) });
      const expected = spansWith(sent);
      const traces = await tracesOf(
        server,
        { session: queue },
        Array.from({ length: DATA }, () => expected.length),
      );
      const tasks: (string | undefined)[] = [];
      for (const { traceId, task } of traces) {
        tasks.push(task?.id);
        const spans = await spansOf(server, traceId);
        const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
        const told = spans.map(
          ({ service, kind, name, parentSpanId }) =>
            `${service} ${kind} ${name} < ${names.get(parentSpanId) ?? "nothing"}`,
        );
        assert.deepEqual(told.sort(), expected.toSorted());
        for (const { name, attributes } of spans)
          assert.deepEqual([attributes["session.id"], attributes["task.id"]], [queue, task?.id], name);
      }
      assert.deepEqual(
        tasks,
        Array.from({ length: DATA }, (_, index) => `data-${12345 + index}`),
      );
    }));
}
