import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_PARENT, type TraceColumns } from "@clew/protocol/api/trace-columns";
import { freePorts, withBroker } from "../harness/broker.ts";
import { startKafka, startRabbitMq } from "../harness/brokers.ts";
import { noPython } from "../harness/python-environment.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { settled } from "../harness/settled.ts";
import { AgentUnderRun, agentsFolder } from "./agent-under-run.ts";

const skip = (await noPython()) ?? false;
const CITIES = ["Bern", "Rome", "Oslo"];
const IDS = ["session.id", "test.case.id", "test.case.name"];

/** Service, kind and name of each span; each is the parent of the next one. */
const STEPS = [
  "front 3 POST",
  "planner 2 POST /plans",
  "planner 4 publish plans",
  "relay 5 process plans",
  "relay 4 send trips",
  "worker 5 process trips",
  "worker 3 tools/call weather",
  "worker 2 tools/call weather",
];

/** The spans of a trace from its root on; fails where one has not exactly one parent, or two children. */
function stepsOf({ n, parent, dict, service, kind, name }: TraceColumns): string[] {
  const steps: string[] = [];
  let at = parent.indexOf(NO_PARENT);
  while (at >= 0) {
    steps.push(`${dict.service[service[at]!]} ${kind[at]} ${dict.name[name[at]!]}`);
    at = parent.indexOf(at);
  }
  assert.equal(steps.length, n, `spans beside ${steps.join(", ")}`);
  return steps;
}

test(
  "Node, HTTP, Python, RabbitMQ, Node, Kafka, Python, MCP, Node: one trace for each caller",
  {
    skip,
    timeout: 240_000,
  },
  (t) =>
    withBroker(t, startRabbitMq, (rabbitmq) =>
      withBroker(t, startKafka, async (kafka) => {
        await using server = await ServerProcess.start();
        const folder = agentsFolder();
        const env = {
          RABBITMQ_URL: `amqp://guest:guest@127.0.0.1:${rabbitmq.port}/%2F`,
          KAFKA_BROKER: `127.0.0.1:${kafka.port}`,
        };
        const start = (options: readonly string[], ...command: string[]) =>
          AgentUnderRun.start({ folder, url: server.url, options, command, env });
        const [port] = await freePorts(1);
        const url = `http://127.0.0.1:${port}`;
        await using relay = await start(["--name", "relay"], "node", "relay.mjs");
        await relay.until("it listens", ({ output }) => output.includes("ready"));
        await using worker = await start(["--name", "worker"], "python", "worker.py");
        await using planner = await start(
          ["--name", "planner"],
          "uvicorn",
          "planner:app",
          "--port",
          `${port}`,
        );
        await worker.until("it listens", ({ output }) => output.includes("ready"));
        await planner.until("it answers", () =>
          fetch(`${url}/ready`).then(
            (answer) => answer.ok,
            () => false,
          ),
        );

        const fronts = await Promise.all(
          CITIES.map((city) =>
            start(
              ["--name", "front", "--session", `trip to ${city}`, "--test-case", city],
              ..."node front.mjs".split(" "),
              url,
              city,
            ),
          ),
        );
        for (const [index, front] of fronts.entries()) {
          const { code, stdout, stderr } = await front.ended();
          assert.deepEqual([code, stdout, stderr], [0, `"planned ${CITIES[index]}"\n`, ""]);
        }
        await worker.until("it has done all", ({ lines }) => lines.length > CITIES.length);
        assert.deepEqual(worker.lines.slice(1).sort(), CITIES.map((city) => `7 degrees in ${city}`).sort());
        for (const agent of [planner, relay, worker]) await agent.stop();
        await settled(server.api);

        for (const city of CITIES) {
          const { items } = await server.api.traces({ session: `trip to ${city}` });
          assert.equal(items.length, 1, `traces of ${city}`);
          const trace = await server.api.trace(items[0]!.traceId);
          assert.deepEqual(stepsOf(trace), STEPS);
          for (const id of trace.id) {
            const { spans } = await server.api.span(trace.traceId, id);
            const ids = spans.map(({ attributes }) =>
              Object.fromEntries(
                attributes
                  .filter(({ key = "" }) => IDS.includes(key))
                  .map(({ key, value }) => [key, value?.stringValue]),
              ),
            );
            assert.deepEqual(ids, [
              { "session.id": `trip to ${city}`, "test.case.id": city, "test.case.name": city },
            ]);
          }
        }
      }),
    ),
);
