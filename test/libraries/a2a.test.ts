import assert from "node:assert/strict";
import { test } from "node:test";
import { runLoadingAgent } from "../harness/loading-agent.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";

/** An agent that answers over both of the protocol's HTTP transports, and a client of its own. */
async function run(kind: "esm" | "cjs", transport: "JSONRPC" | "HTTP+JSON", body: string) {
  const main = `
  const { default: express } = await load("express");
  const { DefaultRequestHandler, InMemoryTaskStore, AgentEvent } = await load("@a2a-js/sdk/server");
  const { jsonRpcHandler, restHandler, agentCardHandler, UserBuilder } = await load("@a2a-js/sdk/server/express");
  const { ClientFactory } = await load("@a2a-js/sdk/client");
  const { randomUUID } = await load("node:crypto");
  const app = (express ?? (await load("express")))();
  const listener = await new Promise((resolve) => { const server = app.listen(0, "127.0.0.1", () => resolve(server)); });
  const url = "http://127.0.0.1:" + listener.address().port;
  app.get("/work", (request, response) => response.send("done"));
  // Of a task, and of its end.
  let expected = 2;
  const { promise: pushes, resolve: pushed } = Promise.withResolvers();
  app.post("/pushed", (request, response) => {
    request.resume().on("end", () => response.end());
    response.on("finish", () => --expected === 0 && pushed());
  });
  const card = {
    name: "worker", description: "Works", version: "1", defaultInputModes: ["text"], defaultOutputModes: ["text"],
    capabilities: { streaming: true, pushNotifications: true, extensions: [] }, skills: [], securitySchemes: {}, securityRequirements: [], signatures: [],
    supportedInterfaces: [{ url: url + "/a2a", protocolBinding: "${transport}", protocolVersion: "1.0", tenant: "" }],
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
  const handler = ${transport === "JSONRPC" ? "jsonRpcHandler" : "restHandler"};
  app.use("/a2a", handler({ requestHandler, userBuilder: UserBuilder.noAuthentication }));
  const client = await new ClientFactory().createFromUrl(url);
  const ask = (text) => ({ tenant: "", configuration: undefined, metadata: {}, message: {
    messageId: randomUUID(), contextId: "conversation-1", taskId: "", role: 1, metadata: {}, extensions: [], referenceTaskIds: [],
    parts: [{ content: { $case: "text", value: text }, mediaType: "text/plain", filename: "", metadata: {} }],
  } });
  ${body}
  listener.closeAllConnections();
  listener.close();
`;
  return await runLoadingAgent({ kind, main });
}

const own = (spans: readonly ReceivedSpan[], name: string, kind: 2 | 3) =>
  spans.filter((span) => span.scope === "clew.a2a" && span.name === name && span.kind === kind);

/** The names of a span's parents up to the root. */
function lineage(spans: readonly ReceivedSpan[], span: ReceivedSpan | undefined): string[] {
  const parent = spans.find(({ spanId }) => spanId === span?.parentSpanId);
  return parent === undefined ? [] : [`${parent.scope}/${parent.name}`, ...lineage(spans, parent)];
}

for (const kind of ["esm", "cjs"] as const) {
  for (const transport of ["JSONRPC", "HTTP+JSON"] as const) {
    test(`a message to an agent, and a question about its task, ${transport}, ${kind}`, async () => {
      const { spans, code, stderr, stdout } = await run(
        kind,
        transport,
        `const task = await client.sendMessage(ask("work"));
        const later = await client.getTask({ tenant: "", id: task.id });
        const failed = await client.sendMessage(ask("fail"));
        const missing = await client.getTask({ tenant: "", id: "no-such-task" }).catch((error) => error);
        console.log(task.status.state, later.id === task.id, failed.status.state, missing instanceof Error);`,
      );
      assert.deepEqual([code, stderr, stdout], [0, "", "3 true 4 true\n"]);
      const [client, failedClient] = own(spans, "SendMessage", 3);
      const [server, failedServer] = own(spans, "SendMessage", 2);
      assert.ok(client !== undefined && server !== undefined);
      assert.ok(lineage(spans, server).includes("clew.a2a/SendMessage"));
      assert.equal(client.traceId, server.traceId);
      const taskId = client.attributes["a2a.task.id"];
      for (const { attributes } of [client, server]) {
        assert.equal(attributes["a2a.method.name"], "SendMessage");
        assert.match(String(attributes["a2a.message.id"]), /^[0-9a-f-]{36}$/);
        assert.match(String(attributes["a2a.task.id"]), /^[0-9a-f-]{36}$/);
        assert.equal(attributes["a2a.task.id"], taskId);
        assert.equal(attributes["a2a.task.state"], "TASK_STATE_COMPLETED");
        assert.equal(attributes["gen_ai.conversation.id"], "conversation-1");
        assert.equal(attributes["gen_ai.agent.name"], "worker");
      }
      for (const span of [failedClient, failedServer]) {
        assert.deepEqual([span?.status?.code, span?.attributes["error.type"]], [2, "TASK_STATE_FAILED"]);
      }
      const work = spans.filter(({ attributes }) => attributes["url.path"] === "/work");
      assert.ok(work.length >= 2);
      for (const span of work) assert.ok(lineage(spans, span).includes("clew.a2a/SendMessage"));
      assert.equal(work.find((span) => span.traceId === client.traceId)?.attributes["task.id"], taskId);
      const [asked, missing] = own(spans, "GetTask", 3);
      assert.equal(asked?.links?.[0]?.spanId, client.spanId);
      assert.equal(own(spans, "GetTask", 2)[0]?.links?.[0]?.spanId, server.spanId);
      assert.equal(missing?.status?.code, 2);
    });
  }

  test(`streams of an agent end when they end, ${kind}`, async () => {
    const { spans, code, stderr, stdout } = await run(
      kind,
      "JSONRPC",
      `let events = 0;
      for await (const event of client.sendMessageStream(ask("work"))) events++;
      for await (const event of client.sendMessageStream(ask("work"))) break;
      await new Promise((resolve) => setTimeout(resolve, 150));
      console.log(events);`,
    );
    assert.deepEqual([code, stderr, stdout], [0, "", "2\n"]);
    const [whole, left] = own(spans, "SendStreamingMessage", 3);
    assert.equal(whole?.attributes["a2a.task.state"], "TASK_STATE_COMPLETED");
    assert.equal(whole?.attributes["clew.cancelled"], undefined);
    assert.equal(left?.attributes["clew.cancelled"], true);
    const [server] = own(spans, "SendStreamingMessage", 2);
    assert.ok(lineage(spans, server).includes("clew.a2a/SendStreamingMessage"));
    const work = spans.find(
      (span) => span.traceId === whole?.traceId && span.attributes["url.path"] === "/work",
    );
    assert.ok(lineage(spans, work).includes("clew.a2a/SendStreamingMessage"));
    assert.equal(work?.attributes["task.id"], whole?.attributes["a2a.task.id"]);
  });

  test(`what an agent pushes to its client belongs to the trace of the task, ${kind}`, async () => {
    const { spans, code, stderr, stdout } = await run(
      kind,
      "JSONRPC",
      `const taskPushNotificationConfig = { tenant: "", id: "", taskId: "", url: url + "/pushed", token: "" };
      await client.sendMessage({ ...ask("work"), configuration: { acceptedOutputModes: [], taskPushNotificationConfig } });
      await pushes;`,
    );
    assert.deepEqual([code, stderr], [0, ""]);
    // The SDK prints that it has sent something.
    assert.match(stdout, /^(Push notification sent .*\n){2}$/);
    const pushed = spans.filter(({ kind, attributes }) => kind === 2 && attributes["url.path"] === "/pushed");
    assert.equal(pushed.length, 2);
    for (const span of pushed) assert.ok(lineage(spans, span).includes("clew.a2a/SendMessage"));
  });
}
