import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";
import { runPython } from "../harness/python-agent.ts";
import { noPython, pythonSetup, type SetupOptions } from "../harness/python-environment.ts";

const NODE_PATH = fileURLToPath(new URL("../libraries/node_modules", import.meta.url));
const noNode = existsSync(NODE_PATH)
  ? undefined
  : "skipped: `npm run test:libraries` installs Node's libraries";
const FIRST: SetupOptions = { list: "mcp-1/requirements.txt" };
const skip = (await noPython()) ?? (await noPython(FIRST)) ?? noNode ?? false;

/** A server with the tools `weather` and `fail`; the word behind it is the transport. Over HTTP it prints its port. */
const SERVERS = {
  python: `
import socket, sys
from mcp.server.mcpserver import MCPServer

server = MCPServer("tools", log_level="CRITICAL")

@server.tool()
def weather(city: str) -> str:
    return "7 degrees in " + city

@server.tool()
def fail(city: str) -> str:
    raise ValueError("no")

if sys.argv[1] == "stdio":
    server.run()
else:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    print(port, flush=True)
    server.run(transport="streamable-http", port=port)
`,
  node: `
const { McpServer } = require("@modelcontextprotocol/sdk/server/mcp.js");
const z = require("zod");
const make = () => {
  const server = new McpServer({ name: "tools", version: "1" });
  const city = { city: z.string() };
  server.registerTool("weather", { inputSchema: city }, async ({ city }) => ({ content: [{ type: "text", text: "7 degrees in " + city }] }));
  server.registerTool("fail", { inputSchema: city }, async () => ({ content: [], isError: true }));
  return server;
};
if (process.argv[2] === "stdio") {
  const { StdioServerTransport } = require("@modelcontextprotocol/sdk/server/stdio.js");
  make().connect(new StdioServerTransport());
} else {
  const { StreamableHTTPServerTransport } = require("@modelcontextprotocol/sdk/server/streamableHttp.js");
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => "s" });
  make().connect(transport);
  const listener = require("node:http").createServer((request, response) => transport.handleRequest(request, response));
  listener.listen(0, "127.0.0.1", () => console.log(listener.address().port));
}
`,
};

/** Calls both tools of a server, which it starts: the words are the transport and the server's command. */
const CLIENTS = {
  python: `
import asyncio, os, subprocess, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

transport, *command = sys.argv[1:]
environment = {**os.environ, "OTEL_SERVICE_NAME": "tools"}

async def use(read, write):
    async with ClientSession(read, write) as session:
        await session.initialize()
        print((await session.call_tool("weather", {"city": "Bern"})).content[0].text)
        print((await session.call_tool("fail", {"city": "Bern"})).is_error)

async def main():
    if transport == "stdio":
        parameters = StdioServerParameters(command=command[0], args=[*command[1:], "stdio"], env=environment)
        async with stdio_client(parameters) as (read, write):
            await use(read, write)
        return
    server = subprocess.Popen([*command, "http"], env=environment, stdout=subprocess.PIPE)
    url = "http://127.0.0.1:%d/mcp" % int(server.stdout.readline())
    async with connected(server, url) as (read, write, *_):
        await use(read, write)
    server.terminate()
    server.wait()

def connected(server, url):
    import socket, time
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", int(url.split(":")[2].split("/")[0]))).close()
            return streamable_http_client(url)
        except OSError:
            time.sleep(0.05)

asyncio.run(main())
`,
  node: `
const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { connect } = require("node:net");
const [transport, command, ...args] = process.argv.slice(2);
const env = { ...process.env, OTEL_SERVICE_NAME: "tools" };

async function main() {
  const client = new Client({ name: "agent", version: "1" });
  let server;
  if (transport === "stdio") {
    const { StdioClientTransport } = require("@modelcontextprotocol/sdk/client/stdio.js");
    await client.connect(new StdioClientTransport({ command, args: [...args, "stdio"], env, stderr: "ignore" }));
  } else {
    const { StreamableHTTPClientTransport } = require("@modelcontextprotocol/sdk/client/streamableHttp.js");
    server = spawn(command, [...args, "http"], { env, stdio: ["ignore", "pipe", "ignore"] });
    const [port] = await once(server.stdout, "data");
    while (server.exitCode === null && !(await listens(Number(port)))) await new Promise((resolve) => setTimeout(resolve, 50));
    await client.connect(new StreamableHTTPClientTransport(new URL("http://127.0.0.1:" + Number(port) + "/mcp")));
  }
  const ask = (name) => client.callTool({ name, arguments: { city: "Bern" } });
  console.log((await ask("weather")).content[0].text);
  console.log((await ask("fail")).isError ? "True" : "False");
  await client.close();
  if (server !== undefined) {
    server.kill();
    await once(server, "close");
  }
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
main();
`,
};

/** What the first generation of the Python SDK calls otherwise. */
function inFirst(source: string): string {
  return source
    .replace("mcp.server.mcpserver import MCPServer", "mcp.server.fastmcp import FastMCP as MCPServer")
    .replace('transport="streamable-http", port=port', 'transport="streamable-http"')
    .replace("    server.run(transport", "    server.settings.port = port\n    server.run(transport")
    .replace(".is_error", ".isError");
}

const PROGRAMS = { python: ["python", "py"], node: [process.execPath, "cjs"] } as const;
type Language = keyof typeof PROGRAMS;

const CASES: readonly (readonly [Language, Language, SetupOptions?])[] = [
  ["python", "python"],
  ["python", "node"],
  ["node", "python"],
  ["python", "python", FIRST],
  ["python", "node", FIRST],
  ["node", "python", FIRST],
];

for (const [of, by, list] of CASES) {
  for (const transport of ["stdio", "http"]) {
    const generation = list === undefined ? "second" : "first";
    test(`MCP over ${transport}: a client in ${of} and a server in ${by} are one trace per call, ${generation} SDK`, {
      skip,
    }, async () => {
      const [program, extension] = PROGRAMS[of];
      const [server, serverExtension] = PROGRAMS[by];
      const written = (source: string) => (list === undefined ? source : inFirst(source));
      const run = await runPython({
        setup: await pythonSetup(list),
        files: {
          [`agent.${extension}`]: written(CLIENTS[of]),
          [`server.${serverExtension}`]: written(SERVERS[by]),
        },
        program,
        args: [`agent.${extension}`, transport, server, `server.${serverExtension}`],
        clewRun: ["--session", "s1", "--name", "agent"],
        env: { NODE_PATH },
      });
      assert.deepEqual([run.code, run.stdout], [0, "7 degrees in Bern\nTrue\n"], run.stderr);
      assert.ok(run.spans.every(({ attributes }) => attributes["session.id"] === "s1"));
      for (const tool of ["weather", "fail"]) {
        const [client, handler] = call(run.spans, tool);
        assert.deepEqual([client.service, handler.service], ["agent", "tools"]);
        assert.equal(handler.traceId, client.traceId);
        assert.ok(
          isBelow(run.spans, handler, client),
          `${handler.parentSpanId} is not below ${client.spanId}`,
        );
        for (const { attributes, status } of [client, handler]) {
          assert.equal(attributes["gen_ai.operation.name"], "execute_tool");
          assert.equal(attributes["gen_ai.tool.name"], tool);
          assert.deepEqual(JSON.parse(String(attributes["gen_ai.tool.call.arguments"])), { city: "Bern" });
          const isError = tool === "fail";
          assert.equal(status?.code ?? 0, isError ? 2 : 0);
          assert.equal(attributes["error.type"], isError ? "tool_error" : undefined);
          if (!isError) assert.match(String(attributes["gen_ai.tool.call.result"]), /7 degrees in Bern/);
        }
      }
    });
  }
}

/** Both sides of the call of a tool. */
function call(spans: readonly ReceivedSpan[], tool: string): [ReceivedSpan, ReceivedSpan] {
  const sides = [3, 2].map((kind) => {
    const found = spans.filter((span) => span.name === `tools/call ${tool}` && span.kind === kind);
    assert.equal(found.length, 1, `${kind} among ${spans.map(({ name }) => name).join(", ")}`);
    return found[0]!;
  });
  return [sides[0]!, sides[1]!];
}

function isBelow(spans: readonly ReceivedSpan[], span: ReceivedSpan, above: ReceivedSpan): boolean {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return parent !== undefined && (parent.spanId === above.spanId || isBelow(spans, parent, above));
}
