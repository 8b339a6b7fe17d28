import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import { latestSpans } from "../harness/latest-spans.ts";
import { LOAD } from "../harness/loading-agent.ts";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";

type Kind = "esm" | "cjs";

/** The agent's own file, which it starts once more. */
const FILE = "const file = process.argv[1];\n";

/** A server with the tools `add`, `fail` and `crash`, and what it needs of the second-generation SDK. */
const SERVER_2 = `
async function makeServer() {
  const { McpServer } = await load("@modelcontextprotocol/server");
  const z = await load("zod");
  const server = new McpServer({ name: "calculator", version: "1.0.0" });
  const numbers = z.object({ a: z.number(), b: z.number() });
  server.registerTool("add", { inputSchema: numbers }, async ({ a, b }, ctx) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { content: [{ type: "text", text: String(a + b) }] };
  });
  server.registerTool("fail", { inputSchema: z.object({}) }, async () => ({
    content: [{ type: "text", text: "no" }], isError: true,
  }));
  return server;
}
`;

const SERVER_1 = SERVER_2.replace("@modelcontextprotocol/server", "@modelcontextprotocol/sdk/server/mcp.js")
  .replace(
    "const numbers = z.object({ a: z.number(), b: z.number() });",
    "const numbers = { a: z.number(), b: z.number() };",
  )
  .replaceAll("z.object({})", "{}");

const USE = `
  await client.listTools();
  const sum = await client.callTool({ name: "add", arguments: { a: 1, b: 2 } });
  const failed = await client.callTool({ name: "fail", arguments: {} });
  console.log(JSON.stringify([sum.content[0].text, failed.isError]));
  await client.close();
`;

/** An agent that starts itself once more as the server and talks to it over standard input and output. */
const stdio = (
  of: Readonly<Record<"client" | "stdio" | "server", string>>,
  serve: string,
  server: string,
) => `
${server}
async function main() {
  if (process.argv[2] === "server") {
    const { ${serve}, StdioServerTransport } = await load("${of.server}");
    ${serve === "serveStdio" ? "serveStdio(() => makeServer());" : "await (await makeServer()).connect(new StdioServerTransport());"}
    return;
  }
  const { Client } = await load("${of.client}");
  const { StdioClientTransport } = await load("${of.stdio}");
  const client = new Client({ name: "agent", version: "1" }, OPTIONS);
  await client.connect(new StdioClientTransport({
    command: process.execPath,
    args: process.env.PLAIN_SERVER ? [file, "server"] : [...process.execArgv, file, "server"],
    env: { ...process.env, OTEL_SERVICE_NAME: "calculator" },
  }));
  ${USE}
}
main();`;

const SDK_1 = {
  client: "@modelcontextprotocol/sdk/client/index.js",
  stdio: "@modelcontextprotocol/sdk/client/stdio.js",
  server: "@modelcontextprotocol/sdk/server/stdio.js",
};
const SDK_2 = {
  client: "@modelcontextprotocol/client",
  stdio: "@modelcontextprotocol/client/stdio",
  server: "@modelcontextprotocol/server/stdio",
};

const HTTP_1 = `${SERVER_1}
async function main() {
  const http = await load("node:http");
  const { randomUUID } = await load("node:crypto");
  const { StreamableHTTPServerTransport } = await load("@modelcontextprotocol/sdk/server/streamableHttp.js");
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID });
  await (await makeServer()).connect(transport);
  const listener = http.createServer((request, response) => transport.handleRequest(request, response));
  await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { Client } = await load("@modelcontextprotocol/sdk/client/index.js");
  const { StreamableHTTPClientTransport } = await load("@modelcontextprotocol/sdk/client/streamableHttp.js");
  const client = new Client({ name: "agent", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL("http://127.0.0.1:" + listener.address().port)));
  ${USE}
  listener.closeAllConnections();
  listener.close();
}
main();`;

const HTTP_2 = `${SERVER_2}
async function main() {
  const http = await load("node:http");
  const { createMcpHandler } = await load("@modelcontextprotocol/server");
  const { getRequestListener } = await load("@hono/node-server");
  const handler = createMcpHandler(() => makeServer());
  const listener = http.createServer(getRequestListener((request) => handler.fetch(request)));
  await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { Client, StreamableHTTPClientTransport } = await load("@modelcontextprotocol/client");
  const client = new Client({ name: "agent", version: "1" }, OPTIONS);
  await client.connect(new StreamableHTTPClientTransport(new URL("http://127.0.0.1:" + listener.address().port)));
  ${USE}
  await handler.close();
  listener.closeAllConnections();
  listener.close();
}
main();`;

const OLD_ERA = "const OPTIONS = {};";
const NEW_ERA = 'const OPTIONS = { versionNegotiation: { mode: "auto" } };';

const TALK = ["tools/list", "tools/call add", "tools/call fail"];
const HANDSHAKE = ["initialize", "notifications/initialized"];

/** Every client span's server span, by the client span's name. */
function pairs(spans: readonly ReceivedSpan[]): Map<string, [client: ReceivedSpan, server: ReceivedSpan]> {
  const own = latestSpans(spans).filter(({ scope }) => scope === "clew.mcp");
  const clients = own.filter(({ kind }) => kind === 3);
  const found = new Map(
    clients.map((client) => {
      const [server, ...others] = own.filter((span) => span.parentSpanId === client.spanId);
      assert.ok(server !== undefined, `${client.name} has no server span`);
      assert.deepEqual([server.name, server.kind, server.traceId], [client.name, 2, client.traceId]);
      assert.deepEqual(others, [], client.name);
      return [client.name ?? "", [client, server] as [ReceivedSpan, ReceivedSpan]];
    }),
  );
  assert.equal(found.size, clients.length, "a message has two spans");
  return found;
}

function assertCalls(spans: readonly ReceivedSpan[], transport: "pipe" | "tcp"): void {
  const found = pairs(spans);
  for (const span of found.get("tools/call add") ?? assert.fail("add was not traced")) {
    const { attributes } = span;
    assert.equal(attributes["mcp.method.name"], "tools/call");
    assert.equal(attributes["gen_ai.operation.name"], "execute_tool");
    assert.equal(attributes["gen_ai.tool.name"], "add");
    assert.equal(attributes["network.transport"], transport);
    assert.match(String(attributes["jsonrpc.request.id"]), /^\d+$/);
    // A server without state never hears which version was agreed upon.
    if (span.kind === 3) assert.match(String(attributes["mcp.protocol.version"]), /^\d{4}-\d{2}-\d{2}$/);
    assert.equal(span.status?.code ?? 0, 0);
    assert.ok(Number(span.endTimeUnixNano) - Number(span.startTimeUnixNano) > 4e6, "the call took 5 ms");
  }
  for (const { attributes, status } of found.get("tools/call fail") ?? assert.fail("fail was not traced")) {
    assert.equal(attributes["error.type"], "tool_error");
    assert.equal(status?.code, 2);
  }
}

/** The server's span is below the client's and linked with that of the HTTP request that brought it. */
function assertLinked(spans: readonly ReceivedSpan[]): void {
  for (const [client, server] of pairs(spans).values()) {
    // Beside the request that carries it, a message can have one that opens a stream.
    const request = spans.find(({ name, parentSpanId }) => name === "POST" && parentSpanId === client.spanId);
    const served = spans.find((span) => span.kind === 2 && span.parentSpanId === request?.spanId);
    assert.equal(server.links?.[0]?.spanId, served?.spanId, client.name);
    assert.equal(server.links?.length, 1);
  }
}

/**
 * The messages were sent in this order. Requests count up their ids; a notification, which has none, is where it
 * should be when no clock says otherwise: they tick in milliseconds.
 */
function assertSent(spans: readonly ReceivedSpan[], expected: readonly string[]): void {
  const sent = [...pairs(spans).values()].map(([client]) => client);
  const requests = sent
    .filter(({ attributes }) => attributes["jsonrpc.request.id"] !== undefined)
    .map(({ name, attributes }) => ({ name, id: Number(attributes["jsonrpc.request.id"]) }))
    .sort((one, other) => one.id - other.id);
  const isNotification = (name: string) => name.startsWith("notifications/");
  const names = expected.filter((name) => !isNotification(name));
  assert.deepEqual(
    requests,
    names.map((name, at) => ({ name, id: requests[0]!.id + at })),
  );
  assert.deepEqual(
    sent.map(({ name }) => name ?? "").filter(isNotification),
    expected.filter(isNotification),
  );
  const startOf = (name: string) =>
    BigInt(sent.find((span) => span.name === name)?.startTimeUnixNano ?? assert.fail(name));
  for (const [at, name] of expected.slice(1).entries()) {
    assert.ok(startOf(expected[at]!) <= startOf(name), `${name} was sent before ${expected[at]}`);
  }
}

for (const kind of ["esm", "cjs"] as const satisfies Kind[]) {
  const load = `${LOAD[kind]}\n${FILE}`;
  const expected = '["3",true]\n';

  test(`MCP SDK 1 over stdio: a server continues the trace of every message, ${kind}`, async () => {
    const run = await runAgent({ kind, source: `${load}${OLD_ERA}${stdio(SDK_1, "ReadBuffer", SERVER_1)}` });
    assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", expected]);
    assertSent(run.spans, [...HANDSHAKE, ...TALK]);
    assertCalls(run.spans, "pipe");
    assert.ok(run.spans.every((span) => (span.kind === 2) === (span.service === "calculator")));
  });

  test(`MCP SDK 1 over HTTP: the message's context is the parent and the request's a link, ${kind}`, async () => {
    const run = await runAgent({ kind, source: load + HTTP_1 });
    assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", expected]);
    assertSent(run.spans, [...HANDSHAKE, ...TALK]);
    assertCalls(run.spans, "tcp");
    assertLinked(run.spans);
    const sessions = pairs(run.spans)
      .get("tools/call add")
      ?.map(({ attributes }) => attributes["mcp.session.id"]);
    assert.match(String(sessions?.[0]), /^[0-9a-f-]{36}$/);
    assert.equal(sessions?.[0], sessions?.[1]);
  });

  for (const [era, options, handshake] of [
    ["2025", OLD_ERA, HANDSHAKE],
    ["2026", NEW_ERA, []],
  ] as const) {
    test(`MCP SDK 2 over stdio, protocol of ${era}, ${kind}`, async () => {
      const run = await runAgent({ kind, source: load + options + stdio(SDK_2, "serveStdio", SERVER_2) });
      assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", expected]);
      assertSent(run.spans, [...handshake, ...TALK]);
      assertCalls(run.spans, "pipe");
    });

    test(`MCP SDK 2 over HTTP, protocol of ${era}, ${kind}`, async () => {
      const run = await runAgent({ kind, source: load + options + HTTP_2 });
      assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", expected]);
      assertSent(run.spans, [...handshake, ...TALK]);
      assertCalls(run.spans, "tcp");
      assertLinked(run.spans);
    });
  }
}

test("a server that is not traced is not disturbed by context, and nothing is written to its output", async () => {
  for (const source of [stdio(SDK_1, "ReadBuffer", SERVER_1), stdio(SDK_2, "serveStdio", SERVER_2)]) {
    const env = { PLAIN_SERVER: "1" };
    const run = await runAgent({ kind: "esm", source: LOAD.esm + FILE + OLD_ERA + source, env });
    assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", '["3",true]\n']);
    assert.ok(run.spans.some(({ name }) => name === "tools/call add"));
  }
});

/** A client and a server of the first generation in one process, connected without a transport below. */
const IN_MEMORY = `${LOAD.esm}
const { Client } = await load("@modelcontextprotocol/sdk/client/index.js");
const { McpServer } = await load("@modelcontextprotocol/sdk/server/mcp.js");
const { InMemoryTransport } = await load("@modelcontextprotocol/sdk/inMemory.js");
const { CreateMessageRequestSchema, ToolListChangedNotificationSchema } = await load("@modelcontextprotocol/sdk/types.js");
const z = await load("zod");
const server = new McpServer({ name: "helper", version: "1" }, { capabilities: { tools: { listChanged: true } } });
const client = new Client({ name: "agent", version: "1" }, { capabilities: { sampling: {} } });
server.registerTool("weather", { inputSchema: { city: z.string() } }, async ({ city }) => ({
  content: [{ type: "text", text: "clear in " + city }],
}));
server.registerTool("slow", {}, () => new Promise(() => {}));
server.registerTool("ask", {}, async () => {
  const { content } = await server.server.createMessage({ messages: [], maxTokens: 5 });
  return { content: [content] };
});
client.setRequestHandler(CreateMessageRequestSchema, async () => ({
  model: "none", role: "assistant", content: { type: "text", text: "thought" },
}));
const changed = new Promise((resolve) => client.setNotificationHandler(ToolListChangedNotificationSchema, resolve));
const [one, other] = InMemoryTransport.createLinkedPair();
await server.connect(other);
await client.connect(one);
`;

test("servers send requests and notifications too; what is given up is cancelled, what takes too long failed", async () => {
  const { spans, code, stderr, stdout } = await runAgent({
    kind: "esm",
    env: { CLEW_CONTENT: "full" },
    source: `${IN_MEMORY}
    const asked = await client.callTool({ name: "ask", arguments: {} });
    const control = new AbortController();
    setTimeout(() => control.abort(), 10);
    await client.callTool({ name: "slow", arguments: {} }, undefined, { signal: control.signal }).catch(() => {});
    await client.callTool({ name: "slow", arguments: {} }, undefined, { timeout: 10 }).catch(() => {});
    const unknown = await client.request({ method: "resources/read", params: { uri: "file:///x" } }, z.any()).catch((error) => error.code);
    await client.callTool({ name: "weather", arguments: { city: "Bern" } });
    server.sendToolListChanged();
    const { params } = await changed;
    console.log(asked.content[0].text, unknown);
    await client.close();`,
  });
  assert.deepEqual([code, stderr, stdout], [0, "", "thought -32601\n"]);
  const own = latestSpans(spans);
  const of = (name: string, kind: 2 | 3) => own.filter((span) => span.name === name && span.kind === kind);
  const [sampling] = of("sampling/createMessage", 3);
  assert.equal(sampling?.parentSpanId, of("tools/call ask", 2)[0]?.spanId);
  assert.equal(of("sampling/createMessage", 2)[0]?.parentSpanId, sampling?.spanId);
  assert.equal(
    of("notifications/tools/list_changed", 2)[0]?.parentSpanId,
    of("notifications/tools/list_changed", 3)[0]?.spanId,
  );
  const [cancelled, late] = of("tools/call slow", 3);
  assert.equal(cancelled?.attributes["clew.cancelled"], true);
  assert.equal(cancelled?.status?.code ?? 0, 0);
  assert.deepEqual([late?.status?.code, late?.attributes["error.type"]], [2, "timeout"]);
  for (const span of of("tools/call slow", 2)) assert.equal(span.attributes["clew.cancelled"], true);
  for (const span of [...of("resources/read", 2), ...of("resources/read", 3)]) {
    assert.equal(span.attributes["error.type"], "-32601");
    assert.equal(span.attributes["mcp.resource.uri"], "file:///x");
  }
  for (const span of [...of("tools/call weather", 2), ...of("tools/call weather", 3)]) {
    assert.equal(span.attributes["gen_ai.tool.call.arguments"], '{"city":"Bern"}');
    assert.match(String(span.attributes["gen_ai.tool.call.result"]), /clear in Bern/);
  }
});

test("a tool whose call has a span already gets no second one for the call to its server", async () => {
  await using model = await startOpenAiServer();
  const { spans, code, stderr, stdout } = await runAgent({
    kind: "esm",
    source: `${IN_MEMORY}
    const ai = await load("ai");
    const { createOpenAI } = await load("@ai-sdk/openai");
    const openai = createOpenAI({ baseURL: "${model.url}/v1", apiKey: "none" });
    const weather = ai.tool({ description: "", inputSchema: z.object({ city: z.string() }),
      execute: (input) => client.callTool({ name: "weather", arguments: input }) });
    const { text } = await ai.generateText({ model: openai.chat("gpt-test"), prompt: "Weather?", tools: { weather }, stopWhen: ai.stepCountIs(3) });
    console.log(text);
    await client.close();`,
  });
  assert.deepEqual([code, stderr, stdout], [0, "", "Hello, world!\n"]);
  const own = latestSpans(spans);
  const covering = own.filter(({ name }) => name === "execute_tool weather");
  assert.equal(covering.length, 1);
  assert.equal(covering[0]?.attributes["mcp.method.name"], "tools/call");
  const calls = own.filter(({ name }) => name === "tools/call weather");
  assert.deepEqual(
    calls.map(({ kind, parentSpanId }) => [kind, parentSpanId]),
    [[2, covering[0]?.spanId]],
  );
});

test("a server at a host that is not allowed gets no context", async () => {
  const source = `${LOAD.esm}${HTTP_1.replace(
    'new URL("http://127.0.0.1:" + listener.address().port))',
    'new URL("http://mcp.example.com/"), { fetch: (_url, init) => { sent.push(String(init.body)); return fetch("http://127.0.0.1:" + listener.address().port, init); } })',
  ).replace(
    "listener.close();",
    "listener.close(); console.log(sent.some((body) => /traceparent|baggage/.test(body)));",
  )}`;
  for (const [propagateTo, isSent] of [
    ["", false],
    ["mcp.example.com", true],
  ] as const) {
    const run = await runAgent({
      kind: "esm",
      source: `const sent = [];${source}`,
      env: { CLEW_PROPAGATE_TO: propagateTo, CLEW_SESSION_ID: "s-1" },
    });
    assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", `["3",true]\n${isSent}\n`]);
    const [call] = run.spans.filter(({ name, kind }) => name === "tools/call add" && kind === 3);
    assert.equal(call?.attributes["server.address"], "mcp.example.com");
  }
});
