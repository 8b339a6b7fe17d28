import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";
import { runPython } from "../harness/python-agent.ts";
import { noPython, pythonSetup } from "../harness/python-environment.ts";

const NODE_PATH = fileURLToPath(new URL("../libraries/node_modules", import.meta.url));
const LIST = { list: "a2a/requirements.txt" };
const noNode = existsSync(NODE_PATH)
  ? undefined
  : "skipped: `npm run test:libraries` installs Node's libraries";
const skip = (await noPython(LIST)) ?? noNode ?? false;

/** Agents that work on what they are told, over HTTP; they print their port. `fail` makes them fail. */
const SERVERS = {
  python: `
import socket
import uvicorn
import requests
from a2a.helpers import new_task_from_user_message, new_text_status_update_event, get_message_text
from a2a.server.agent_execution import AgentExecutor
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes.agent_card_routes import create_agent_card_routes
from a2a.server.routes.jsonrpc_routes import create_jsonrpc_routes
from a2a.server.tasks import InMemoryTaskStore
from a2a.types.a2a_pb2 import AgentCapabilities, AgentCard, AgentInterface, TaskState
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
url = "http://127.0.0.1:%d" % listener.getsockname()[1]

class Worker(AgentExecutor):
    async def execute(self, context, events):
        await events.enqueue_event(new_task_from_user_message(context.message))
        import asyncio
        await asyncio.to_thread(requests.get, url + "/work")
        state = TaskState.TASK_STATE_FAILED if get_message_text(context.message) == "fail" else TaskState.TASK_STATE_COMPLETED
        await events.enqueue_event(new_text_status_update_event(context.task_id, context.context_id, state, "done"))

    async def cancel(self, context, events):
        pass

card = AgentCard(
    name="worker", description="Works", version="1", default_input_modes=["text"], default_output_modes=["text"],
    capabilities=AgentCapabilities(streaming=True),
    supported_interfaces=[AgentInterface(url=url + "/a2a", protocol_binding="JSONRPC", protocol_version="1.0")],
)
handler = DefaultRequestHandler(agent_executor=Worker(), task_store=InMemoryTaskStore(), agent_card=card)
work = Route("/work", lambda request: PlainTextResponse("done"))
app = Starlette(routes=[*create_agent_card_routes(card), *create_jsonrpc_routes(handler, "/a2a"), work])
listener.listen()
print(url, flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listener])
`,
  node: `
const express = require("express");
const { DefaultRequestHandler, InMemoryTaskStore, AgentEvent } = require("@a2a-js/sdk/server");
const { jsonRpcHandler, agentCardHandler, UserBuilder } = require("@a2a-js/sdk/server/express");
const app = express();
const listener = app.listen(0, "127.0.0.1", () => {
  const url = "http://127.0.0.1:" + listener.address().port;
  app.get("/work", (request, response) => response.send("done"));
  const card = {
    name: "worker", description: "Works", version: "1", defaultInputModes: ["text"], defaultOutputModes: ["text"],
    capabilities: { streaming: true, pushNotifications: false, extensions: [] }, skills: [], securitySchemes: {}, securityRequirements: [], signatures: [],
    supportedInterfaces: [{ url: url + "/a2a", protocolBinding: "JSONRPC", protocolVersion: "1.0", tenant: "" }],
  };
  const executor = {
    async execute({ taskId, contextId, userMessage }, bus) {
      const status = (state) => ({ state, message: undefined, timestamp: new Date().toISOString() });
      bus.publish(AgentEvent.task({ id: taskId, contextId, status: status(1), artifacts: [], history: [userMessage], metadata: {} }));
      await (await fetch(url + "/work")).text();
      const text = userMessage.parts[0].content.value;
      bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status: status(text === "fail" ? 4 : 3), metadata: {} }));
    },
    async cancelTask() {},
  };
  const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), executor);
  app.use("/.well-known/agent-card.json", agentCardHandler({ agentCardProvider: requestHandler }));
  app.use("/a2a", jsonRpcHandler({ requestHandler, userBuilder: UserBuilder.noAuthentication }));
  console.log(url);
});
`,
};

/** Sends a message, streams one, sends one that fails, and asks for the first task; the words start the agent. */
const CLIENTS = {
  python: `
import asyncio, os, subprocess, sys
from a2a.client import ClientConfig, create_client
from a2a.helpers import new_text_message
from a2a.types.a2a_pb2 import GetTaskRequest, Role, SendMessageRequest, TaskState

server = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True, env={**os.environ, "OTEL_SERVICE_NAME": "worker"})
url = server.stdout.readline().strip()

def ask(text):
    return SendMessageRequest(message=new_text_message(text, context_id="conversation-1", role=Role.ROLE_USER))

async def main():
    whole = await create_client(url, ClientConfig(streaming=False))
    async for answer in whole.send_message(ask("work")):
        task = answer.task
    print(TaskState.Name(task.status.state))
    streaming = await create_client(url, ClientConfig(streaming=True))
    async for answer in streaming.send_message(ask("work")):
        pass
    async for answer in whole.send_message(ask("fail")):
        print(TaskState.Name(answer.task.status.state))
    print((await whole.get_task(GetTaskRequest(id=task.id))).id == task.id)

asyncio.run(main())
server.terminate()
server.wait()
`,
  node: `
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { randomUUID } = require("node:crypto");
const { ClientFactory } = require("@a2a-js/sdk/client");
const [command, ...args] = process.argv.slice(2);
const STATES = { 3: "TASK_STATE_COMPLETED", 4: "TASK_STATE_FAILED" };
const ask = (text) => ({ tenant: "", configuration: undefined, metadata: {}, message: {
  messageId: randomUUID(), contextId: "conversation-1", taskId: "", role: 1, metadata: {}, extensions: [], referenceTaskIds: [],
  parts: [{ content: { $case: "text", value: text }, mediaType: "text/plain", filename: "", metadata: {} }],
} });
async function main() {
  const server = spawn(command, args, { env: { ...process.env, OTEL_SERVICE_NAME: "worker" }, stdio: ["ignore", "pipe", "inherit"] });
  const [url] = await once(server.stdout.setEncoding("utf8"), "data");
  const client = await new ClientFactory().createFromUrl(url.trim());
  const task = await client.sendMessage(ask("work"));
  console.log(STATES[task.status.state]);
  for await (const event of client.sendMessageStream(ask("work")));
  console.log(STATES[(await client.sendMessage(ask("fail"))).status.state]);
  const found = await client.getTask({ tenant: "", id: task.id });
  console.log(found.id === task.id ? "True" : "False");
  server.kill();
  await once(server, "close");
}
main();
`,
};

const PROGRAMS = { python: ["python", "py"], node: [process.execPath, "cjs"] } as const;
type Language = keyof typeof PROGRAMS;

const CASES: readonly (readonly [Language, Language])[] = [
  ["python", "python"],
  ["python", "node"],
  ["node", "python"],
];

for (const [of, by] of CASES) {
  test(`A2A: a client in ${of} and an agent in ${by} are one trace per call, streams and failures too`, {
    skip,
  }, async () => {
    const [program, extension] = PROGRAMS[of];
    const [server, serverExtension] = PROGRAMS[by];
    const run = await runPython({
      setup: await pythonSetup(LIST),
      files: { [`agent.${extension}`]: CLIENTS[of], [`server.${serverExtension}`]: SERVERS[by] },
      program,
      args: [`agent.${extension}`, server, `server.${serverExtension}`],
      clewRun: ["--test-case", "c1", "--name", "agent"],
      env: { NODE_PATH },
    });
    assert.deepEqual(
      [run.code, run.stdout],
      [0, "TASK_STATE_COMPLETED\nTASK_STATE_FAILED\nTrue\n"],
      run.stderr,
    );
    assert.ok(run.spans.every(({ attributes }) => attributes["test.case.id"] === "c1"));
    const sides = ([3, 2] as const).map((kind) =>
      run.spans.filter((span) => span.scope === "clew.a2a" && span.kind === kind),
    );
    const methods = ["SendMessage", "SendStreamingMessage", "SendMessage", "GetTask"];
    const [clients = [], handlers = []] = sides.map((spans) => spans.toSorted(byStart));
    assert.deepEqual(
      clients.map(({ name }) => name),
      methods,
    );
    assert.deepEqual(
      handlers.map(({ name }) => name),
      methods,
    );
    for (const [index, client] of clients.entries()) {
      const handler = handlers[index]!;
      assert.deepEqual([client.service, handler.service], ["agent", "worker"]);
      assert.ok(isBelow(run.spans, handler, client), `${handler.name} is not below its client`);
      assert.match(String(client.attributes["a2a.task.id"]), /^[0-9a-f-]{36}$/);
      assert.equal(handler.attributes["a2a.task.id"], client.attributes["a2a.task.id"]);
      for (const { attributes, status } of [client, handler]) {
        assert.equal(attributes["a2a.method.name"], methods[index]);
        assert.equal(attributes["a2a.task.state"], `TASK_STATE_${index === 2 ? "FAILED" : "COMPLETED"}`);
        assert.equal(attributes["gen_ai.conversation.id"], "conversation-1");
        assert.equal(attributes["gen_ai.agent.name"], "worker");
        assert.equal(status?.code ?? 0, index === 2 ? 2 : 0);
        assert.equal(attributes["error.type"], index === 2 ? "TASK_STATE_FAILED" : undefined);
      }
    }
    const work = run.spans.filter(({ attributes, kind }) => attributes["url.path"] === "/work" && kind === 2);
    assert.equal(work.length, 3);
    for (const [index, span] of work.toSorted(byStart).entries()) {
      assert.ok(isBelow(run.spans, span, handlers[index]!), "what the agent does is not below its handler");
    }
    const [first] = clients;
    assert.deepEqual(
      clients[3]?.links?.map(({ spanId }) => spanId),
      [first?.spanId],
    );
  });
}

function byStart(one: ReceivedSpan, other: ReceivedSpan): number {
  return Number(BigInt(one.startTimeUnixNano ?? 0) - BigInt(other.startTimeUnixNano ?? 0));
}

function isBelow(spans: readonly ReceivedSpan[], span: ReceivedSpan, above: ReceivedSpan): boolean {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return parent !== undefined && (parent.spanId === above.spanId || isBelow(spans, parent, above));
}
