import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentService } from "../harness/agent-service.ts";

const PROTO = {
  nested: {
    Draft: { fields: { text: { type: "string", id: 1 } } },
    Writer: {
      methods: {
        write: { requestType: "Draft", responseType: "Draft" },
        stream: { requestType: "Draft", responseType: "Draft", responseStream: true },
      },
    },
  },
};

const LOAD = `const { Writer } = grpc.loadPackageDefinition(loader.fromJSON(${JSON.stringify(PROTO)}));`;

/** Answers by gRPC, and has a child do a part of it. */
const WRITER = `
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");
const { execFile } = require("node:child_process");
${LOAD}
const server = new grpc.Server();
server.addService(Writer.service, {
  write: ({ request }, callback) => execFile("echo", [request.text], (error, text) => callback(error, { text: text.trim() })),
  async stream(call) {
    for (const piece of call.request.text) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      call.write({ text: piece });
    }
    call.end();
  },
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => console.log("127.0.0.1:" + port));
process.on("SIGTERM", () => server.forceShutdown());
`;

/** Asks the writer both ways. */
const RESEARCHER = `
import express from "express";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
import { promisify } from "node:util";
${LOAD}
const writer = new Writer(process.argv[2], grpc.credentials.createInsecure());
const app = express();
app.get("/research/:topic", async (request, response) => {
  const { text } = await promisify(writer.write.bind(writer))({ text: request.params.topic });
  for await (const piece of writer.stream({ text })) response.write(piece.text);
  response.end();
});
const server = app.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));
process.on("SIGTERM", () => { writer.close(); server.close(); });
`;

/** Asks the researcher. */
const PLANNER = `
import fastify from "fastify";
const app = fastify({ forceCloseConnections: true });
app.post("/plans", async ({ body }) => (await fetch(process.argv[2] + "/research/" + body.topic)).text());
console.log(await app.listen({ port: 0, host: "127.0.0.1" }));
process.on("SIGTERM", () => app.close());
`;

test("three agents over HTTP and gRPC are one trace each time, without an orphan and with the caller's ids", async () => {
  const agent = (name: string, kind: "esm" | "cjs", source: string, ...args: string[]) =>
    AgentService.start({ kind, source, args, env: { OTEL_SERVICE_NAME: name } });
  await using writer = await agent("writer", "cjs", WRITER);
  await using researcher = await agent("researcher", "esm", RESEARCHER, writer.url);
  await using planner = await agent("planner", "esm", PLANNER, researcher.url);

  const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
  const traceOf = (number: number) => number.toString(16).padStart(32, "0");
  const answers = await Promise.all(
    numbers.map(async (number) => {
      const headers = {
        "content-type": "application/json",
        traceparent: `00-${traceOf(number)}-00000000000000aa-01`,
        baggage: `session.id=s${number},task.id=t${number}`,
      };
      const body = JSON.stringify({ topic: `topic${number}` });
      return (await fetch(`${planner.url}/plans`, { method: "POST", headers, body })).text();
    }),
  );
  assert.deepEqual(
    answers,
    numbers.map((number) => `topic${number}`),
  );
  const agents = [planner, researcher, writer];
  for (const stopped of agents) assert.deepEqual(await stopped.stop(), { code: 0, stderr: "" });

  const spans = agents.flatMap(({ collector }) => collector.spans);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  for (const number of numbers) {
    const trace = spans.filter(({ traceId }) => traceId === traceOf(number));
    const names = trace.map(({ service, name, kind }) => `${service} ${kind} ${name}`).sort();
    assert.deepEqual(names, [
      "planner 2 POST /plans",
      "planner 3 GET",
      "researcher 2 GET /research/:topic",
      "researcher 3 Writer/stream",
      "researcher 3 Writer/write",
      "writer 2 Writer/stream",
      "writer 2 Writer/write",
      "writer 3 echo",
    ]);
    const parents = trace.map(({ parentSpanId }) => parentSpanId ?? "");
    const outside = parents.filter((id) => !ids.has(id));
    assert.deepEqual(outside, ["00000000000000aa"], "only the caller's own span is not among them");
    for (const { name, attributes } of trace)
      assert.deepEqual([attributes["session.id"], attributes["task.id"]], [`s${number}`, `t${number}`], name);
  }
  assert.equal(spans.length, 8 * numbers.length);
});
