import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type AgentOptions, writeAgent } from "../harness/agent-process.ts";
import { withBroker } from "../harness/broker.ts";
import { startNats } from "../harness/brokers.ts";
import { ServerProcess, serveEnvironment, temporaryFolder } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";

const CLEW = fileURLToPath(new URL("../../packages/server/bin/clew.js", import.meta.url));
const REQUESTS = 20;
const SPANS = 5;

const PROTO = {
  nested: {
    Topic: { fields: { text: { type: "string", id: 1 } } },
    Researcher: { methods: { research: { requestType: "Topic", responseType: "Topic" } } },
  },
};
const LOAD = `const { Researcher } = grpc.loadPackageDefinition(loader.fromJSON(${JSON.stringify(PROTO)}));`;

/** Takes requests over HTTP and asks the researcher over gRPC. */
const PLANNER = `
import http from "node:http";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
${LOAD}
const researcher = new Researcher(process.argv[2], grpc.credentials.createInsecure());
const server = http.createServer((request, response) => {
  researcher.research({ text: request.url.slice(1) }, (error, answer) => response.end(error ? error.message : answer.text));
});
server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));
process.on("SIGTERM", () => { researcher.close(); server.close(); server.closeAllConnections(); });
`;

/** Answers over gRPC what the archivist says, whom it asks over a queue. */
const RESEARCHER = `
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");
const nats = require("nats");
${LOAD}
nats.connect({ servers: "127.0.0.1:" + process.argv[2] }).then((connection) => {
  const server = new grpc.Server();
  server.addService(Researcher.service, {
    async research({ request }, callback) {
      const answer = await connection.request("archive", request.text, { timeout: 10_000 });
      callback(null, { text: answer.string() });
    },
  });
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => console.log("127.0.0.1:" + port));
  process.on("SIGTERM", () => { server.forceShutdown(); connection.close(); });
});
`;

const ARCHIVIST = `
import { connect } from "nats";
const connection = await connect({ servers: "127.0.0.1:" + process.argv[2] });
connection.subscribe("archive", { callback: (error, message) => { message.respond("found " + message.string()); } });
await connection.flush();
console.log("ready");
process.on("SIGTERM", () => connection.close());
`;

/** An agent under \`clew run\`, and the line that it says when it is ready. */
async function agent(name: string, url: string, { kind, source, args = [] }: AgentOptions) {
  const file = await writeAgent({ kind, source });
  const command = ["run", "--url", url, "--name", name, "--", process.execPath, file.path, ...args];
  const child = spawn(process.execPath, [CLEW, ...command], {
    env: serveEnvironment(temporaryFolder()),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout.setEncoding("utf8"), "data");
  return {
    said: String(line).trim(),
    async [Symbol.asyncDispose]() {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      const [code] = await ended;
      file[Symbol.dispose]();
      assert.equal(code, 0, name);
    },
  };
}

test("agents over HTTP, gRPC and a queue under clew run are one trace each time", { timeout: 120_000 }, (t) =>
  withBroker(t, startNats, async ({ port }) => {
    await using server = await ServerProcess.start();
    const queue = [String(port)];
    {
      await using _archivist = await agent("archivist", server.url, {
        kind: "esm",
        source: ARCHIVIST,
        args: queue,
      });
      await using researcher = await agent("researcher", server.url, {
        kind: "cjs",
        source: RESEARCHER,
        args: queue,
      });
      await using planner = await agent("planner", server.url, {
        kind: "esm",
        source: PLANNER,
        args: [researcher.said],
      });
      const answers = await Promise.all(
        Array.from({ length: REQUESTS }, async (_, n) => {
          const headers = { baggage: `session.id=s${n},task.id=t${n},test.case.id=c${n}` };
          return (await fetch(`${planner.said}/topic${n}`, { headers })).text();
        }),
      );
      assert.deepEqual(
        answers,
        Array.from({ length: REQUESTS }, (_, n) => `found topic${n}`),
      );
    }
    for (let n = 0; n < REQUESTS; n++) {
      const item = await until(`the trace of request ${n}`, async () => {
        const { items } = await server.api.traces({ testCase: `c${n}` });
        return items.find(({ spanCount }) => spanCount >= SPANS);
      });
      const trace = await server.api.trace(item.traceId);
      const services = trace.service.map((index) => trace.dict.service[index]);
      const names = trace.name.map(
        (index, at) => `${services[at]} ${trace.kind[at]} ${trace.dict.name[index]}`,
      );
      assert.equal(trace.n, SPANS, names.join("\n"));
      assert.deepEqual([...new Set(services)].sort(), ["archivist", "planner", "researcher"]);
      assert.equal(trace.parent.filter((parent) => parent === -1).length, 1, "one root");
      assert.equal(trace.parent.filter((parent) => parent === -2).length, 0, "no orphan");
      for (const id of trace.id) {
        const [span] = (await server.api.span(item.traceId, id)).spans;
        const { session, task, testCase } = span!.meaning;
        assert.deepEqual([session, task, testCase], [`s${n}`, `t${n}`, `c${n}`]);
      }
    }
  }),
);
