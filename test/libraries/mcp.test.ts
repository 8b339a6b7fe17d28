import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import { latestSpans } from "../harness/latest-spans.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";

type Kind = "esm" | "cjs";

const LOAD = {
  esm: "const load = (name) => import(name); const file = process.argv[1];",
  cjs: "const load = async (name) => require(name); const file = process.argv[1];",
};

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
  return new Map(
    own
      .filter(({ kind }) => kind === 3)
      .map((client) => {
        const server = own.find((span) => span.parentSpanId === client.spanId);
        assert.ok(server !== undefined, `${client.name} has no server span`);
        assert.deepEqual([server.name, server.kind, server.traceId], [client.name, 2, client.traceId]);
        return [client.name ?? "", [client, server]];
      }),
  );
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
    const request = spans.find(
      (span) => span.kind === 3 && span.parentSpanId === client.spanId && span.scope !== "clew.mcp",
    );
    const served = spans.find((span) => span.kind === 2 && span.parentSpanId === request?.spanId);
    assert.equal(server.links?.[0]?.spanId, served?.spanId, client.name);
    assert.equal(server.links?.length, 1);
  }
}

for (const kind of ["esm", "cjs"] as const satisfies Kind[]) {
  const load = LOAD[kind];
  const expected = '["3",true]\n';

  test(`MCP SDK 1 over stdio: a server continues the trace of every message, ${kind}`, async () => {
    const run = await runAgent({ kind, source: `${load}${OLD_ERA}${stdio(SDK_1, "ReadBuffer", SERVER_1)}` });
    assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", expected]);
    assert.deepEqual([...pairs(run.spans).keys()], [...HANDSHAKE, ...TALK]);
    assertCalls(run.spans, "pipe");
    assert.ok(run.spans.every((span) => (span.kind === 2) === (span.service === "calculator")));
  });

  test(`MCP SDK 1 over HTTP: the message's context is the parent and the request's a link, ${kind}`, async () => {
    const run = await runAgent({ kind, source: load + HTTP_1 });
    assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", expected]);
    assert.deepEqual([...pairs(run.spans).keys()], [...HANDSHAKE, ...TALK]);
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
      assert.deepEqual([...pairs(run.spans).keys()], [...handshake, ...TALK]);
      assertCalls(run.spans, "pipe");
    });

    test(`MCP SDK 2 over HTTP, protocol of ${era}, ${kind}`, async () => {
      const run = await runAgent({ kind, source: load + options + HTTP_2 });
      assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", expected]);
      assert.deepEqual([...pairs(run.spans).keys()], [...handshake, ...TALK]);
      assertCalls(run.spans, "tcp");
      assertLinked(run.spans);
    });
  }
}
